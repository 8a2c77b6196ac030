"""The folds of a service inside its event loop: assignment, failure, drain."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from services.runtime.fold.delivery_errors import LogTooShort
from services.runtime.fold.fold import Arrival, Outcome
from services.runtime.fold.fold_app import FoldApp
from services.runtime.fold.tuning import Tuning
from services.runtime.postgres.postgres import Limits
from services.runtime.postgres.session_limits import LocksHeldTooLong
from tests.integration.delivery import wire
from tests.integration.delivery.scenarios import Died, DyingPublisher
from tests.integration.delivery.toy import Counting
from tests.integration.delivery.world import World

LIMITS = Limits(statement=3_000, idle_in_transaction=2_000, transaction=4_500)
TUNING = Tuning(session_timeout=6.0, heartbeat_interval=1.0)


class Failing(Counting):
    """Cannot take one lead's tick."""

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Write, then fail."""
        await super().apply(conn, arrivals)
        raise ZeroDivisionError("a fault in the fold")


@asynccontextmanager
async def running(world: World, kind: type[Counting] = Counting) -> AsyncIterator[FoldApp]:
    """The toy service's folds, in this process."""
    fold = kind(world.schema, world.topic, world.output)
    async with world.pool(LIMITS) as pool:
        app = FoldApp(world.schema, world.brokers, pool, [fold], TUNING)
        await app.start()
        try:
            yield app
        finally:
            await app.drain()
            await app.leaving  # on a busy machine it takes longer than the drain waits


async def told(world: World, number: int) -> None:
    """Return when a reader has so many counts."""

    async def enough() -> bool:
        return sum(map(len, (await world.verdict()).taken.values())) >= number

    await wire.until(enough)


async def test_folds_run_until_they_are_drained(world: World) -> None:
    await world.tick(50)
    async with running(world) as app:
        await told(world, 50)
        await world.tick(50)
        await told(world, 100)
        assert app.ready
        assert set(app.assigned) == {(world.topic.name, 0)}
        assert set(app.lag().values()) == {0}
    await world.tick(20)
    async with running(world):
        await told(world, 120)

    assert await world.wrong() == []


async def test_what_was_left_pending_is_published_at_the_assignment(world: World) -> None:
    await world.tick(10)
    batch = await world.batch()
    async with world.runner(1, DyingPublisher(world.brokers, "dying")) as dying:
        with suppress(Died):
            await dying.take([batch])
    async with running(world):
        await told(world, 10)

    assert await world.wrong() == []


async def test_an_exception_in_a_fold_ends_the_app_and_loses_nothing(world: World) -> None:
    await world.tick(10)
    async with running(world, Failing) as app:
        with pytest.raises(ZeroDivisionError, match="a fault in the fold"):
            await asyncio.wait_for(app.wait_failed(), wire.PATIENCE_SECONDS)
    async with running(world):
        await told(world, 10)

    assert await world.wrong() == []


async def test_a_log_that_ends_before_the_position_ends_the_app(world: World) -> None:
    await world.tick(10)
    async with world.runner(1) as runner:
        await runner.take([await world.batch()])
        async with runner.pool.connection() as conn:
            beyond = SQL("update {}.position set next_offset = 11")
            await conn.execute(beyond.format(Identifier(world.schema)))
    async with running(world) as app:
        with pytest.raises(LogTooShort, match="ends at offset 10, but records up to 10"):
            await asyncio.wait_for(app.wait_failed(), wire.PATIENCE_SECONDS)


async def test_an_app_drains_before_it_has_any_partition(world: World) -> None:
    async with running(world) as app:
        assert not app.ready


async def test_sessions_that_outlive_the_groups_patience_are_refused(world: World) -> None:
    fold = Counting(world.schema, world.topic, world.output)
    async with world.pool(Limits(transaction=6_000)) as pool:
        app = FoldApp(world.schema, world.brokers, pool, [fold], TUNING)
        with pytest.raises(LocksHeldTooLong, match="transaction_timeout is 6000 ms"):
            await app.start()


async def test_two_folds_on_one_topic_are_refused(world: World) -> None:
    fold = Counting(world.schema, world.topic, world.output)
    with pytest.raises(ValueError, match="each fold needs a topic and an output of its own"):
        FoldApp(world.schema, world.brokers, world.pool(), [fold, fold])
