"""Where a flood of bad records ends: which folds it stops, and for how long that holds."""

import asyncio
from collections.abc import Sequence

import pytest
from psycopg import AsyncConnection

from schemas.codec import Message
from schemas.topics import Topic
from services.runtime.fold import folds
from services.runtime.fold.delivery_errors import AlwaysOverdue, FuseBlown
from services.runtime.fold.fold import Arrival, Outcome
from services.runtime.fold.fold_app import FoldApp
from services.runtime.fold.tuning import Tuning
from services.runtime.outbox.frames import Outgoing
from services.runtime.postgres.postgres import Limits
from tests.integration.delivery import wire
from tests.integration.delivery.conftest import MakeWorld
from tests.integration.delivery.test_fold_app import LIMITS, TUNING
from tests.integration.delivery.toy import Counted, Counting, Ticked, topic
from tests.integration.delivery.world import World
from tests.real_servers import TopicMaker

SHORT = Tuning(session_timeout=6.0, heartbeat_interval=1.0, fuse_window=10)


def bad(topic: Topic, number: int) -> list[Outgoing]:
    """So many records that nobody can read."""
    return [Outgoing(topic.name, 0, Message(None, b"not JSON"))] * number


async def lying(world: World, topic: Topic, number: int) -> None:
    """Return when so many records lie on the topic."""

    async def enough() -> bool:
        return len(await wire.read(world.bootstrap, topic.name, topic.partitions)) >= number

    await wire.until(enough)


async def test_a_flood_on_a_foreign_topic_stops_only_the_fold_that_reads_it(
    make_world: MakeWorld, broker_topics: TopicMaker, kept: Topic
) -> None:
    world = await make_world(ours=False)
    flooded = topic(broker_topics("flooded", 1), Ticked, 1, ours=False)
    unused = topic(broker_topics("unused", 1), Counted, 1)
    both = [Counting(world.schema, world.topic, world.output)]
    both.append(Counting(world.schema, flooded, unused))
    await wire.write(world.bootstrap, bad(flooded, 6))
    async with world.pool(LIMITS) as pool:
        app = FoldApp(world.schema, world.brokers, pool, both, SHORT)
        await app.start()

        async def stopped() -> bool:
            return flooded.name in (app.steps.trouble() or "")

        await wire.until(stopped)
        await wire.write(world.bootstrap, bad(flooded, 6))
        await world.tick(20)
        await lying(world, world.output, 20)
        at = app.progress()
        await app.drain()
        await app.leaving

    assert at == {(world.topic.name, 0): 20, (flooded.name, 0): 0}
    assert await wire.read(world.bootstrap, kept.name, kept.partitions) == []
    assert await world.wrong() == []


@pytest.mark.parametrize("ours", [True, False])
async def test_the_fuse_looks_back_over_restarts(
    make_world: MakeWorld, kept: Topic, ours: bool
) -> None:
    world = await make_world(ours=ours)
    fold = Counting(world.schema, world.topic, world.output)
    await world.tick(5)
    await wire.write(world.bootstrap, bad(world.topic, 5))
    async with world.pool(LIMITS) as pool:
        first = FoldApp(world.schema, world.brokers, pool, [fold], SHORT)
        await first.start()
        await lying(world, kept, 5)
        await first.drain()
        await first.leaving
        assert first.steps.trouble() is None

        await wire.write(world.bootstrap, bad(world.topic, 1))
        second = FoldApp(world.schema, world.brokers, pool, [fold], SHORT)
        await second.start()
        if ours:
            with pytest.raises(FuseBlown, match="6 of the last 10"):
                await asyncio.wait_for(second.wait_failed(), wire.PATIENCE_SECONDS)
        else:

            async def stopped() -> bool:
                return second.steps.trouble() is not None

            await wire.until(stopped)
        await second.drain()
        await second.leaving

    aside = await wire.read(world.bootstrap, kept.name, kept.partitions)
    offsets = {int(dict(record.headers)["quarantine_offset"]) for record in aside}
    assert offsets == {5, 6, 7, 8, 9}  # each start says again what may not have been said


class Slow(Counting):
    """Its statements always take longer than the server lets them."""

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Sleep in the database."""
        await conn.execute("select pg_sleep(5)")
        return await super().apply(conn, arrivals)


async def test_a_batch_that_always_takes_too_long_ends_the_folds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folds, "MOST_OVERDUE", 2)
    fold = Slow(world.schema, world.topic, world.output)
    await world.tick(3)
    async with world.pool(Limits(statement=300, transaction=4_500)) as pool:
        running = folds.Folds(
            world.schema, lambda: FoldApp(world.schema, world.brokers, pool, [fold], TUNING)
        )
        await running.start()
        with pytest.raises(AlwaysOverdue, match=r"-0: the batch at offset 0 .* 2 times in a row"):
            await asyncio.wait_for(running.wait_failed(), wire.PATIENCE_SECONDS)
        await running.drain()
