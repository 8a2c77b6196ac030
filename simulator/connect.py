"""Kafka clients of other teams, who are back soon after a broker is."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import RetriableError

from services.runtime.brokers import Brokers

SOON_MS = 1000
"""kafka-python backs off up to 30 s by itself, which only makes a demo longer."""
PAUSE_S = 0.1


def producer(brokers: Brokers) -> KafkaProducer:
    """A producer with kafka-python's defaults: idempotent, acks=all."""
    return KafkaProducer(**brokers.options, reconnect_backoff_max_ms=SOON_MS)


def consumer(brokers: Brokers, *topics: str, **settings: Any) -> KafkaConsumer:
    """A consumer; `settings` are kafka-python's own."""
    return KafkaConsumer(*topics, **brokers.options, reconnect_backoff_max_ms=SOON_MS, **settings)


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
