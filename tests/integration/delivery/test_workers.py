"""Real worker processes: they join, leave, are killed in mid-batch, are frozen and woken."""

import signal

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from tests.integration.delivery import wire
from tests.integration.delivery.conftest import MakeWorld
from tests.integration.delivery.processes import Process, crew
from tests.integration.delivery.world import World

PARTITIONS = 4
NOTE = "n" * 200


async def taken(world: World) -> int:
    """How many records lie below the positions."""
    query = SQL("select coalesce(sum(next_offset), 0)::bigint from {}.position")
    async with await AsyncConnection.connect(world.database_url) as conn:
        [(records,)] = await (
            await conn.execute(query.format(Identifier(world.schema)))
        ).fetchall()
        return int(records)


async def more(world: World, number: int) -> int:
    """So many ticks on each partition; how many there are then."""
    ticks = [tick for p in range(PARTITIONS) for tick in world.made(number, p, NOTE)]
    await wire.write(world.bootstrap, ticks)
    return sum(len(events) for events in world.ticks.values())


async def reached(world: World, records: int) -> None:
    """Return when so many records were taken."""

    async def enough() -> bool:
        return await taken(world) >= records

    await wire.until(enough)


async def told(world: World, records: int) -> None:
    """Return when a reader of the output has so many counts."""

    async def enough() -> bool:
        return sum(map(len, (await world.verdict()).taken.values())) >= records

    await reached(world, records)
    await wire.until(enough)


async def in_transaction(world: World) -> bool:
    """Whether a worker's session is inside a transaction and waits for the worker."""
    async with await AsyncConnection.connect(world.database_url) as conn:
        cursor = await conn.execute(
            "select 1 from pg_stat_activity where application_name = %s"
            " and state = 'idle in transaction'",
            (f"touchline-{world.schema}",),
        )
        return bool(await cursor.fetchall())


async def freeze_in_transaction(world: World, worker: Process) -> None:
    """SIGSTOP, again and again until it comes at the worst moment."""

    async def caught() -> bool:
        worker.send_signal(signal.SIGSTOP)
        if await in_transaction(world):
            return True
        worker.send_signal(signal.SIGCONT)
        return False

    await wire.until(caught)


async def test_workers_killed_in_mid_batch_lose_nothing(make_world: MakeWorld) -> None:
    world = await make_world(PARTITIONS)
    total = await more(world, 1_500)
    async with crew(world, groups=True) as workers:
        for share in (0.1, 0.4, 0.7):
            worker = await workers.join()
            await reached(world, int(total * share))
            worker.kill()
        await workers.join()
        await told(world, total)

    assert await world.wrong() == []


async def test_workers_join_leave_freeze_and_wake(make_world: MakeWorld) -> None:
    world = await make_world(PARTITIONS)
    total = await more(world, 1_000)
    async with crew(world) as workers:
        first = await workers.join()
        await reached(world, total // 20)
        frozen = await workers.join()
        await reached(world, total // 4)
        assert await workers.leave(first) == 0
        total = await more(world, 1_000)
        await freeze_in_transaction(world, frozen)
        await workers.join()
        await reached(world, total)
        frozen.send_signal(signal.SIGCONT)
        total = await more(world, 200)
        await told(world, total)

    assert await world.wrong() == []
