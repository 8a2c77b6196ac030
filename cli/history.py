"""The log of a topic from its beginning, as every reader of ours must take it."""

from collections.abc import Iterator
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from rich.console import Console
from rich.progress import Progress

from cli.failure import fail
from schemas import codec
from schemas.envelope import Event
from schemas.topics import Topic
from services.runtime.kafka.brokers import Brokers

POLL_MS = 500


def history(brokers: Brokers, topic: Topic) -> Iterator[tuple[int, Event[Any]]]:
    """Partition and event of all that lies on the topic now; each partition in its order.

    Repeats are dropped by their writer's sequence. What cannot be read is passed over: the
    services have it in quarantine. A terminal is shown how far it is, on stderr.
    """
    last: dict[tuple[int, str], int] = {}
    for partition, message in _messages(brokers, topic):
        origin = codec.origin(message)
        if origin is not None:
            source, sequence = origin
            if sequence <= last.get((partition, source), 0):
                continue
            last[partition, source] = sequence
        try:
            yield partition, codec.decode(message, topic.messages)
        except codec.Undecodable:
            continue


def _messages(brokers: Brokers, topic: Topic) -> Iterator[tuple[int, codec.Message]]:
    try:
        consumer = KafkaConsumer(**brokers.options, group_id=None)
    except KafkaError as error:
        fail(f"{brokers.bootstrap} does not answer: {error}; is the broker running there?")
    try:
        yield from _read(consumer, topic)
    finally:
        consumer.close()


def _read(consumer: Any, topic: Topic) -> Iterator[tuple[int, codec.Message]]:
    partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
    consumer.assign(partitions)
    begins, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
    consumer.seek_to_beginning(*partitions)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(topic.name, total=sum(ends.values()) - sum(begins.values()))
        while any(consumer.position(one) < end for one, end in ends.items()):
            for batch in consumer.poll(timeout_ms=POLL_MS).values():
                for record in batch:
                    if record.offset < ends[TopicPartition(topic.name, record.partition)]:
                        yield (
                            record.partition,
                            codec.Message(record.key, record.value, tuple(record.headers)),
                        )
                progress.advance(task, len(batch))
