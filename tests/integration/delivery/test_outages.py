"""Broker and database go away in mid-stream and come back: nothing is lost, nothing said twice."""

import asyncio
from collections.abc import Callable
from random import Random

import pytest
from kafka import KafkaAdminClient

from services.runtime.fold.fold_app import FoldApp
from services.runtime.fold.folds import Folds
from services.runtime.outbox.relay import Relay
from tests.integration.delivery import outboxes, wire
from tests.integration.delivery.conftest import schema_name
from tests.integration.delivery.test_fold_app import LIMITS, TUNING, told
from tests.integration.delivery.toy import Counted, Counting, Ticked, topic
from tests.integration.delivery.worker import Unhurried
from tests.integration.delivery.world import World
from tests.real_servers import OwnServers


@pytest.fixture(scope="module")
def own(own_servers: Callable[[], OwnServers]) -> OwnServers:
    """Servers that these tests may kill."""
    return own_servers()


@pytest.fixture
async def world(own: OwnServers) -> World:
    """A toy service on them."""
    schema = schema_name()
    names = [f"{schema}.ticks", f"{schema}.counts"]
    admin = KafkaAdminClient(bootstrap_servers=own.servers.kafka_bootstrap)
    admin.create_topics({name: {"num_partitions": 2} for name in names}, wait_for_metadata=True)
    admin.close()
    world = World(
        schema,
        own.servers.kafka_bootstrap,
        own.servers.database_url,
        topic(names[0], Ticked, 2),
        topic(names[1], Counted, 2),
        Random(0),
    )
    await world.create()
    return world


async def broker_dies(own: OwnServers) -> None:
    """kill -9, and back."""
    await asyncio.to_thread(own.kill_broker)
    await asyncio.to_thread(own.start_broker)


async def database_dies(own: OwnServers) -> None:
    """An immediate shutdown, and back."""
    await asyncio.to_thread(own.kill_database)
    await asyncio.to_thread(own.start_database)


async def test_the_relay_outlives_outages(own: OwnServers, world: World) -> None:
    running = Relay(world.schema, world.brokers, world.database_url)
    await running.start()
    await outboxes.add(world, 1, 20)
    await outboxes.published(world)
    await asyncio.to_thread(own.kill_broker)
    await outboxes.add(world, 21, 20)
    await asyncio.to_thread(own.start_broker)
    await outboxes.published(world)
    await database_dies(own)
    await outboxes.add(world, 41, 20)
    await outboxes.published(world)
    await running.drain()

    assert await outboxes.told(world) == list(range(1, 61))


async def test_folds_say_that_the_broker_is_away(own: OwnServers, world: World) -> None:
    fold = Counting(world.schema, world.topic, world.output)

    async def impaired() -> bool:
        return await folds.impaired() is not None

    async def unimpaired() -> bool:
        return not await impaired()

    async with world.pool(LIMITS) as pool:
        folds = Folds(
            world.schema, lambda: FoldApp(world.schema, world.brokers, pool, [fold], TUNING)
        )
        await folds.start()
        failing = asyncio.create_task(folds.wait_failed())
        await wire.until(unimpaired)
        await world.tick(20)
        await told(world, 20)
        await asyncio.to_thread(own.kill_broker)
        await wire.until(impaired)
        reason, unready = await folds.impaired(), await folds.unready()
        await asyncio.to_thread(own.start_broker)
        await wire.until(unimpaired)
        await world.tick(20)
        await told(world, 40)
        failing.cancel()
        await folds.drain()

    assert (reason or "").startswith("Kafka has not answered for")
    assert unready is None
    assert await world.wrong() == []


async def test_folds_outlive_outages(own: OwnServers, world: World) -> None:
    fold = Unhurried(world.schema, world.topic, world.output)

    async with world.pool(LIMITS) as pool:
        folds = Folds(
            world.schema, lambda: FoldApp(world.schema, world.brokers, pool, [fold], TUNING)
        )
        await folds.start()
        failing = asyncio.create_task(folds.wait_failed())
        for total, outage in ((3_000, broker_dies), (6_000, database_dies)):
            for partition in range(2):
                await world.tick(1_500, partition)
            await told(world, total - 2_500)
            await outage(own)
            await told(world, total)
        assert not failing.done()
        failing.cancel()
        await folds.drain()

    assert await world.wrong() == []
