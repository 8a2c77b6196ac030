"""A watcher that its client leads astray tells everything all the same, in order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from kafka import KafkaProducer, TopicPartition

from deploy.local.servers import Servers
from schemas.codec import encode
from schemas.envelope import Envelope, Event
from schemas.events.lead import ReplyReceived
from schemas.topics import LEAD_EVENTS
from simulator.watch import Watch

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FACTS = 6


def heard(number: int) -> Event[ReplyReceived]:
    fact = ReplyReceived(lead_id=UUID(int=1), occurred_at=NOW, recorded_at=NOW, channel="email")
    return Event(Envelope(UUID(int=number), "/test"), fact)


@pytest.mark.parametrize("astray", [FACTS - 1, 1_000], ids=["too far", "beyond the end"])
def test_what_the_client_passes_over_is_told(
    servers: Servers, broker_topics: Callable[[], str], astray: int
) -> None:
    topic = replace(LEAD_EVENTS, name=broker_topics(), partitions=1)
    producer = KafkaProducer(bootstrap_servers=servers.kafka_bootstrap)
    for number in range(FACTS):
        message = encode(heard(number))
        headers = list(message.headers)
        producer.send(topic.name, key=message.key, value=message.value, headers=headers)
    producer.close()
    told: list[int] = []
    watch = Watch(servers.brokers, [topic])
    watch.from_start()
    watch._consumer.seek(TopicPartition(topic.name, 0), astray)
    while len(told) < FACTS:
        watch.tell(lambda event: told.append(event.envelope.id.int))
    watch.close()

    assert told == list(range(FACTS))
