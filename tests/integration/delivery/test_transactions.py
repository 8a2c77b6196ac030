"""Transactions of others: what they took back was never said, and their marks are no records."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from psycopg.sql import SQL, Identifier

from services.runtime.fold.fold_app import FoldApp
from services.runtime.outbox.frames import Outgoing
from tests.integration.delivery import wire
from tests.integration.delivery.conftest import MakeWorld
from tests.integration.delivery.test_fold_app import running, told
from tests.integration.delivery.world import World


@pytest.fixture
async def foreign(make_world: MakeWorld) -> World:
    """A toy service that reads a partition on which others write."""
    return await make_world(ours=False)


@asynccontextmanager
async def transacting(world: World) -> AsyncIterator[AIOKafkaProducer]:
    """A producer of one transaction after the other."""
    producer = AIOKafkaProducer(bootstrap_servers=world.bootstrap, transactional_id=world.schema)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def write(producer: Any, ticks: Iterable[Outgoing]) -> None:
    """Return when the broker has them, whatever becomes of their transaction."""
    for tick in ticks:
        key, value, headers = tick.message.key, tick.message.value, list(tick.message.headers)
        await producer.send_and_wait(tick.topic, value, key, tick.partition, headers=headers)


def taken_back(world: World, number: int) -> list[Outgoing]:
    """So many ticks that nobody is to count."""
    ticks = world.made(number)
    del world.ticks[0][-number:]
    return ticks


async def no_lag(app: FoldApp) -> None:
    """Return when nothing is left to do."""

    async def none() -> bool:
        return set(app.lag().values()) == {0}

    await wire.until(none)


async def test_only_what_is_committed_is_taken_and_the_rest_is_no_lag(foreign: World) -> None:
    async with transacting(foreign) as producer:
        await producer.begin_transaction()
        await write(producer, taken_back(foreign, 3))
        await producer.abort_transaction()
        await producer.begin_transaction()
        await write(producer, foreign.made(5))
        await producer.commit_transaction()
        await producer.begin_transaction()
        await write(producer, taken_back(foreign, 2))
        await producer.abort_transaction()
    async with running(foreign) as app:
        await told(foreign, 5)
        await no_lag(app)
        await foreign.tick(1)
        await told(foreign, 6)
        await no_lag(app)

    assert await foreign.wrong() == []


async def test_a_position_within_an_open_transaction_is_not_beyond_the_log(foreign: World) -> None:
    async with transacting(foreign) as producer:
        await producer.begin_transaction()
        await write(producer, foreign.made(4))
        async with foreign.pool() as pool, pool.connection() as conn:
            within = SQL(
                "insert into {}.position (topic, partition, next_offset) values (%s, 0, 2)"
            )
            await conn.execute(within.format(Identifier(foreign.schema)), (foreign.topic.name,))
        async with running(foreign) as app:
            await wire.until(lambda: _assigned(app))
            await producer.commit_transaction()
            await told(foreign, 2)
            await no_lag(app)


async def _assigned(app: FoldApp) -> bool:
    return bool(app.assigned)
