"""Kafka clients of other teams, who are back soon after a broker is."""

from typing import Any

from kafka import KafkaConsumer, KafkaProducer

SOON_MS = 1000
"""kafka-python backs off up to 30 s by itself, which only makes a demo longer."""


def producer(bootstrap: str) -> KafkaProducer:
    """A producer with kafka-python's defaults: idempotent, acks=all."""
    return KafkaProducer(bootstrap_servers=bootstrap, reconnect_backoff_max_ms=SOON_MS)


def consumer(bootstrap: str, *topics: str, **settings: Any) -> KafkaConsumer:
    """A consumer; `settings` are kafka-python's own."""
    return KafkaConsumer(
        *topics, bootstrap_servers=bootstrap, reconnect_backoff_max_ms=SOON_MS, **settings
    )
