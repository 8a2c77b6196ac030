"""Reads the public topics as any consumer may, and tells what it sees."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from kafka import TopicPartition
from kafka.errors import LogTruncationError, OffsetOutOfRangeError

from schemas import codec
from schemas.envelope import Event
from schemas.topics import COMPACTED, Topic
from services.runtime.kafka.brokers import Brokers
from simulator import connect

Positions = Mapping[TopicPartition, int]


class Watch:
    """A reader of whole topics, without a consumer group: it moves nobody's offsets.

    A broker that was killed and comes back may say for a moment that its log ends before what was
    read. kafka-python would then go on at the end, and what came between would never be told: so
    the next offset is remembered here, and each partition is read on from there.
    """

    def __init__(self, brokers: Brokers, topics: Iterable[Topic]) -> None:
        self._topics = {topic.name: topic for topic in topics}
        self._consumer = connect.consumer(brokers, group_id=None, auto_offset_reset="none")
        self._partitions = [
            TopicPartition(topic.name, partition)
            for topic in self._topics.values()
            for partition in range(topic.partitions)
        ]
        self._consumer.assign(self._partitions)
        self._next: dict[TopicPartition, int] = {}
        self._stop = threading.Event()

    def from_start(self) -> None:
        """Reads everything there ever was."""
        self._read_from(self._consumer.beginning_offsets(self._partitions))

    def from_now(self) -> None:
        """Reads what comes from here on."""
        self._read_from(self._consumer.end_offsets(self._partitions))

    def caught_up(self) -> bool:
        """Whether everything that lies on the topics at this moment has been told."""
        ends = self._consumer.end_offsets(self._partitions)
        return all(self._consumer.position(partition) >= end for partition, end in ends.items())

    def tell(self, each: Callable[[Event[Any]], None], timeout: float = 0.3) -> int:
        """Tells what has come within `timeout` seconds at the most; answers how many records."""
        try:
            polled = connect.polled(self._consumer, int(timeout * 1000))
        except (OffsetOutOfRangeError, LogTruncationError):
            time.sleep(connect.PAUSE_S)
            self._read_from(self._next)
            return 0
        records = [one for where, batch in polled.items() for one in self._following(where, batch)]
        for record in records:
            message = codec.Message(record.key, record.value, record.headers)
            if message.value is not None:
                each(codec.decode(message, self._topics[record.topic].messages))
        return len(records)

    def _following(self, partition: TopicPartition, batch: Sequence[Any]) -> Sequence[Any]:
        """The batch, if it goes on where the last one ended; else what is between is asked for."""
        expected = self._next[partition]
        compacted = self._topics[partition.topic].config == COMPACTED
        if batch[0].offset > expected and not compacted:
            self._consumer.seek(partition, expected)
            return ()
        self._next[partition] = batch[-1].offset + 1
        return batch

    def _read_from(self, offsets: Positions) -> None:
        self._next = dict(offsets)
        for partition, offset in offsets.items():
            self._consumer.seek(partition, offset)

    def tell_until_stopped(self, each: Callable[[Event[Any]], None]) -> None:
        """Tells for as long as nobody calls `stop`. Meant for a thread of its own."""
        while not self._stop.is_set():
            self.tell(each)

    def stop(self) -> None:
        """Ends `tell_until_stopped` within a second."""
        self._stop.set()

    def close(self) -> None:
        """Gives the connection back."""
        self._consumer.close(timeout_ms=connect.CLOSE_MS)
