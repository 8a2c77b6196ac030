"""The quarantine topic, read to its end and written to, as an operator's command does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from cli.failure import fail
from schemas.topics import QUARANTINE
from services.runtime.kafka.brokers import Brokers
from services.runtime.outbox.frames import Outgoing

_ACK_SECONDS = 30
_POLL_MS = 500


def records(brokers: Brokers) -> Iterator[Any]:
    """Every record that lies in quarantine at this moment, each partition's in order."""
    with _consumer(brokers) as consumer:
        parts = [TopicPartition(QUARANTINE.name, n) for n in range(QUARANTINE.partitions)]
        consumer.assign(parts)
        consumer.seek_to_beginning(*parts)
        ends = consumer.end_offsets(parts)
        while any(consumer.position(part) < ends[part] for part in parts):
            for batch in consumer.poll(timeout_ms=_POLL_MS).values():
                yield from batch


@contextmanager
def sender(brokers: Brokers) -> Iterator[Any]:
    """What `send` needs; closed afterwards."""
    try:
        producer = KafkaProducer(**brokers.options, acks="all")
    except KafkaError as error:
        _unreachable(brokers, error)
    try:
        yield producer
    finally:
        producer.close()


def send(producer: Any, outgoing: Outgoing) -> None:
    """Return when the broker has acknowledged it; ends the command where it does not.

    A header's value that is null goes out empty: kafka-python sends no null there.
    """
    message = outgoing.message
    try:
        producer.send(
            outgoing.topic,
            key=message.key,
            value=message.value,
            headers=[(name, value or b"") for name, value in message.headers],
            partition=outgoing.partition,
        ).get(timeout=_ACK_SECONDS)
    except KafkaError as error:
        fail(f"{outgoing.topic} took no record ({type(error).__name__}); ask again for the rest")


@contextmanager
def _consumer(brokers: Brokers) -> Iterator[Any]:
    try:
        consumer = KafkaConsumer(**brokers.options, enable_auto_commit=False)
    except KafkaError as error:
        _unreachable(brokers, error)
    try:
        yield consumer
    finally:
        consumer.close()


def _unreachable(brokers: Brokers, error: KafkaError) -> NoReturn:
    where, why = brokers.bootstrap, type(error).__name__
    fail(f"no broker answered at {where} ({why}); is Kafka running there?")
