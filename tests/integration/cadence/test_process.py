"""The cadence as it runs: a log on Kafka in, and the decisions that a replay of it gives out."""

from collections.abc import Callable, Sequence
from typing import Any

from engagement.cadence.decider import Partition, replay
from engagement.decider import Refused
from schemas.codec import SEQUENCE, Message, encode, sequence_header
from schemas.envelope import Event
from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS, QUARANTINE, TOPICS
from services.runtime.kafka import topics
from services.runtime.outbox.frames import Outgoing
from tests.integration.cadence.history import history
from tests.integration.delivery.wire import read, until, write
from tests.integration.prioritizer.process import running
from tests.real_servers import OwnServers


async def test_the_decisions_on_the_topic_are_those_of_a_replay_byte_for_byte(
    own_servers: Callable[[], OwnServers],
) -> None:
    servers = own_servers().servers
    bootstrap = servers.kafka_bootstrap
    topics.apply(servers.brokers, TOPICS)
    log = history(seed=3, leads=60, length=3000)
    expected = _numbered(CADENCE_DECISIONS.name, list(replay(log)))

    async def all_decided() -> bool:
        return len(await _messages(bootstrap, CADENCE_DECISIONS.name)) >= len(expected)

    with running("services.cadence", servers, {}):
        await write(bootstrap, _numbered(LEAD_EVENTS.name, log))
        await until(all_decided)
    assert await _messages(bootstrap, CADENCE_DECISIONS.name) == [one.message for one in expected]
    assert await _codes(bootstrap) == _refusals(log)


def _numbered(topic: str, events: Sequence[Event[Any]]) -> list[Outgoing]:
    """As their writer publishes them, all on partition 0, from the first on."""
    messages = []
    for sequence, event in enumerate(events, 1):
        message = encode(event)
        headers = (*message.headers, (SEQUENCE, sequence_header(sequence)))
        messages.append(Outgoing(topic, 0, Message(message.key, message.value, headers)))
    return messages


async def _messages(bootstrap: str, topic: str) -> list[Message]:
    records = await read(bootstrap, topic, 1)
    return [Message(record.key, record.value, tuple(record.headers)) for record in records]


async def _codes(bootstrap: str) -> list[str]:
    records = await read(bootstrap, QUARANTINE.name, QUARANTINE.partitions)
    return [dict(record.headers)["quarantine_code"].decode() for record in records]


def _refusals(log: Sequence[Event[Any]]) -> list[str]:
    partition = Partition()
    decided = [partition.apply(fact) for fact in log]
    return [one.code for one in decided if isinstance(one, Refused)]
