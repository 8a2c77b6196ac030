"""Reads the public topics as any consumer may, and tells what it sees."""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kafka import TopicPartition

from schemas import codec
from schemas.envelope import Event
from schemas.topics import Topic
from simulator import connect

Positions = Mapping[TopicPartition, int]


class Watch:
    """A reader of whole topics, without a consumer group: it moves nobody's offsets."""

    def __init__(self, bootstrap: str, topics: Iterable[Topic]) -> None:
        self._topics = {topic.name: topic for topic in topics}
        self._consumer = connect.consumer(bootstrap, group_id=None)
        self._partitions = [
            TopicPartition(topic.name, partition)
            for topic in self._topics.values()
            for partition in range(topic.partitions)
        ]
        self._consumer.assign(self._partitions)
        self._stop = threading.Event()

    def from_start(self) -> None:
        """Reads everything there ever was."""
        self._consumer.seek_to_beginning(*self._partitions)

    def from_now(self) -> None:
        """Reads what comes from here on."""
        for partition, offset in self._consumer.end_offsets(self._partitions).items():
            self._consumer.seek(partition, offset)

    def caught_up(self) -> bool:
        """Whether everything that lies on the topics at this moment has been told."""
        ends = self._consumer.end_offsets(self._partitions)
        return all(self._consumer.position(partition) >= end for partition, end in ends.items())

    def tell(self, each: Callable[[Event[Any]], None], timeout: float = 0.3) -> int:
        """Tells what has come within `timeout` seconds at the most; answers how many records."""
        polled = self._consumer.poll(timeout_ms=int(timeout * 1000))
        records = [record for batch in polled.values() for record in batch]
        for record in records:
            message = codec.Message(record.key, record.value, record.headers)
            if message.value is not None:
                each(codec.decode(message, self._topics[record.topic].messages))
        return len(records)

    def tell_until_stopped(self, each: Callable[[Event[Any]], None]) -> None:
        """Tells for as long as nobody calls `stop`. Meant for a thread of its own."""
        while not self._stop.is_set():
            self.tell(each)

    def stop(self) -> None:
        """Ends `tell_until_stopped` within a second."""
        self._stop.set()

    def close(self) -> None:
        """Gives the connection back."""
        self._consumer.close()
