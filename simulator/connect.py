"""Kafka clients of other teams, who are back soon after a broker is."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import RetriableError

from services.runtime.kafka.brokers import Brokers

SOON_MS = 1000
"""kafka-python backs off up to 30 s by itself, which only makes a demo longer."""
PAUSE_S = 0.1
CLOSE_MS = 2_000
"""A broker that died is never told of the end; kafka-python would try that for 30 s, and for ever
with what a producer has not sent."""


@contextmanager
def producing(brokers: Brokers) -> Iterator[KafkaProducer]:
    """A producer with kafka-python's defaults, idempotent and acks=all; closed soon."""
    made = KafkaProducer(**brokers.options, reconnect_backoff_max_ms=SOON_MS)
    try:
        yield made
    finally:
        made.close(timeout=CLOSE_MS / 1000)


def consumer(brokers: Brokers, **settings: Any) -> KafkaConsumer:
    """A consumer of no topic yet; `settings` are kafka-python's own."""
    return KafkaConsumer(**brokers.options, reconnect_backoff_max_ms=SOON_MS, **settings)


@contextmanager
def consuming(brokers: Brokers, **settings: Any) -> Iterator[KafkaConsumer]:
    """The same, and closed soon, whether or not the broker is there."""
    made = consumer(brokers, **settings)
    try:
        yield made
    finally:
        made.close(timeout_ms=CLOSE_MS)


def subscribe(consumer: KafkaConsumer, topic: str) -> None:
    """Join the group once the topic's partitions are known: a member that joins before it knows
    them deals out none, and keeps that for minutes (dpkp/kafka-python#2377)."""
    consumer.partitions_for_topic(topic)
    consumer.subscribe([topic])


def polled(
    consumer: KafkaConsumer, timeout_ms: int = 300
) -> Mapping[TopicPartition, Sequence[Any]]:
    """What came, by partition; nothing while the broker is away, which poll may raise."""
    try:
        found: Mapping[TopicPartition, Sequence[Any]] = consumer.poll(timeout_ms=timeout_ms)
    except RetriableError:
        time.sleep(PAUSE_S)
        return {}
    return found
