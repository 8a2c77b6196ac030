"""A toy service for each test, on the run's shared servers."""

import secrets
from collections.abc import Awaitable, Callable
from random import Random

import pytest

from deploy.local.servers import Servers
from schemas.topics import Topic
from services.runtime.fold import quarantine
from tests.integration.delivery.toy import Counted, Ticked, topic
from tests.integration.delivery.world import World
from tests.real_servers import TopicMaker

MakeWorld = Callable[..., Awaitable[World]]


def schema_name() -> str:
    """A schema of this test's own: it names the consumer group too, on a shared broker."""
    return "toy_" + "".join(secrets.choice("abcdefghijklmnop") for _ in range(10))


@pytest.fixture
def make_world(servers: Servers, database: str, broker_topics: TopicMaker) -> MakeWorld:
    """Called, it makes a toy service; the seed is printed."""

    async def make(partitions: int = 1, *, ours: bool = True) -> World:
        seed = secrets.randbelow(1_000_000)
        print(f"seed {seed}")
        world = World(
            schema_name(),
            servers.kafka_bootstrap,
            database,
            topic(broker_topics("ticks", partitions), Ticked, partitions, ours=ours),
            topic(broker_topics("counts", partitions), Counted, partitions),
            Random(seed),
        )
        await world.create()
        return world

    return make


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """A toy service with one partition."""
    return await make_world()


@pytest.fixture
def kept(broker_topics: TopicMaker, monkeypatch: pytest.MonkeyPatch) -> Topic:
    """A quarantine of this test's own."""
    kept = topic(broker_topics("quarantine", 2), Ticked, 2)
    monkeypatch.setattr(quarantine, "QUARANTINE", kept)
    return kept
