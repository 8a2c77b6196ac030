"""What the log says, read as every consumer of ours must read it: by the sequence rule."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from schemas import codec
from schemas.envelope import Event
from schemas.topics import Topic


@dataclass(frozen=True, slots=True)
class Logged:
    """One record, decoded; `message` is what lay on the wire."""

    partition: int
    offset: int
    event: Event[Any]
    message: codec.Message


def raw(bootstrap: str, topic: Topic) -> Iterator[tuple[int, int, codec.Message]]:
    """Every record of the topic at this moment: partition, offset and message."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None)
    partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
    try:
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(one) < end for one, end in ends.items()):
            for batch in consumer.poll(timeout_ms=500).values():
                for record in batch:
                    message = codec.Message(record.key, record.value, tuple(record.headers))
                    yield record.partition, record.offset, message
    finally:
        consumer.close()


def log(bootstrap: str, topic: Topic) -> dict[int, list[Logged]]:
    """The topic by partition, without repeats. Tombstones are left out.

    Raises AssertionError where a writer's numbers have a gap: something is lost.
    """
    last: dict[tuple[int, str], int] = defaultdict(int)
    kept: dict[int, list[Logged]] = defaultdict(list)
    for partition, offset, message in raw(bootstrap, topic):
        headers = dict(message.headers)
        if message.value is None:
            continue
        event = codec.decode(message, topic.messages)
        if topic.ours:
            writer = (partition, event.envelope.source)
            sequence = int(headers[codec.SEQUENCE])
            if sequence <= last[writer]:
                continue
            assert sequence == last[writer] + 1, f"{writer} went from {last[writer]} to {sequence}"
            last[writer] = sequence
        kept[partition].append(Logged(partition, offset, event, message))
    return kept


def flat(logged: dict[int, list[Logged]]) -> list[Logged]:
    """All partitions, one after the other."""
    return [one for partition in sorted(logged) for one in logged[partition]]
