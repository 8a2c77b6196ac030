"""Committed rows reach the broker once, in order, under one number each."""

import asyncio
import signal

import pytest
from psycopg import AsyncConnection

from services.runtime.outbox import backlog
from services.runtime.outbox.backlog import Backlog, Numbered
from services.runtime.outbox.outbox import Outbox, Row, RowRefused
from services.runtime.outbox.relay import AWAKE_SECONDS, LATE_SECONDS, Relay
from tests.integration.delivery import outboxes
from tests.integration.delivery.conftest import MakeWorld
from tests.integration.delivery.processes import crew
from tests.integration.delivery.scenarios import Died
from tests.integration.delivery.world import World

HOLDERS = "select pid from pg_locks where locktype = 'advisory' and granted and database ="
HOLDERS += " (select oid from pg_database where datname = current_database()) -- {}"


def relay_of(world: World) -> Relay:
    """A relay in this process."""
    return Relay(world.schema, world.brokers, world.database_url)


async def test_rows_come_out_in_the_order_of_their_commits(make_world: MakeWorld) -> None:
    world = await make_world(3)
    await outboxes.add(world, 1, 20)
    running = relay_of(world)
    await running.start()
    await outboxes.add(world, 21, 20)
    await outboxes.published(world)
    await running.drain()

    assert await outboxes.told(world) == list(range(1, 41))
    totals = [[t for _, _, t in p] for p in (await world.verdict()).taken.values()]
    assert all(partition == sorted(partition) for partition in totals)


async def test_the_outbox_is_named_by_its_incarnation(world: World) -> None:
    await outboxes.add(world, 1, 1)
    running = relay_of(world)
    await running.start()
    await outboxes.published(world)
    await running.drain()

    [(incarnation,)] = await outboxes.rows(world, "select id from {}.incarnation")
    assert list((await outboxes.numbers(world)).values()) == [
        {(f"/touchline/{world.schema}/{incarnation}", 1)}
    ]


async def test_a_relay_killed_between_broker_and_delete_repeats_the_same_numbers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(self: Backlog, acknowledged: list[Numbered]) -> list[Numbered]:
        if acknowledged:
            raise Died
        return await next_after(self, acknowledged)

    next_after = Backlog.next_after
    await outboxes.add(world, 1, 12)
    with monkeypatch.context() as patched:
        patched.setattr(Backlog, "next_after", die)
        killed = relay_of(world)
        await killed.start()
        with pytest.raises(Died):
            await killed.wait_failed()
    await outboxes.add(world, 13, 5)
    successor = relay_of(world)
    await successor.start()
    await outboxes.published(world)
    await successor.drain()

    assert (await world.verdict()).repeats == 12
    assert await outboxes.told(world) == list(range(1, 18))
    assert all(len(numbers) == 1 for numbers in (await outboxes.numbers(world)).values())


async def test_of_two_relays_one_works_and_the_other_takes_over(world: World) -> None:
    first, second = relay_of(world), relay_of(world)
    await first.start()
    await second.start()
    await outboxes.add(world, 1, 30)
    await outboxes.published(world)
    assert len(await outboxes.rows(world, HOLDERS)) == 1
    await first.drain()
    await outboxes.add(world, 31, 30)
    await outboxes.published(world)
    await second.drain()

    assert await outboxes.told(world) == list(range(1, 61))


async def test_a_frozen_relay_loses_the_lock(world: World) -> None:
    async with crew(world, "relay") as relays:
        frozen = await relays.join()
        await outboxes.add(world, 1, 10)
        await outboxes.published(world)
        await outboxes.add(world, 11, 50)
        frozen.send_signal(signal.SIGSTOP)
        await relays.join()
        await outboxes.add(world, 61, 10)
        await outboxes.published(world)
        frozen.send_signal(signal.SIGCONT)
        await outboxes.add(world, 71, 10)
        await outboxes.published(world)

    assert await outboxes.told(world) == list(range(1, 81))
    assert all(len(numbers) == 1 for numbers in (await outboxes.numbers(world)).values())


async def test_quarantine_rows_carry_no_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "QUARANTINE", world.output)
    await outboxes.add(world, 1, 3)
    running = relay_of(world)
    await running.start()
    await outboxes.published(world)
    await running.drain()

    assert list((await outboxes.numbers(world)).values()) == [{None}] * 3


async def test_while_the_relay_is_awake_no_commit_notifies_it_and_none_waits_for_a_look(
    world: World,
) -> None:
    """Rows follow each other without a pause, then come one by one: each is published."""
    running = relay_of(world)
    running._look_seconds = 60.0
    await running.start()
    async with await AsyncConnection.connect(world.database_url, autocommit=True) as listener:
        await listener.execute(f"listen {Outbox(world.schema).channel}".encode())
        await outboxes.add(world, 1, 2_000)
        await outboxes.published(world)
        await asyncio.sleep(AWAKE_SECONDS + LATE_SECONDS + 0.5)
        await outboxes.add(world, 2_001, 1)
        await outboxes.published(world)
        notified = [one async for one in listener.notifies(timeout=0.1)]
    await running.drain()

    assert await outboxes.told(world) == list(range(1, 2_002))
    assert 2 <= len(notified) < 400  # commits


async def test_what_was_rolled_back_is_never_published(world: World) -> None:
    async with await AsyncConnection.connect(world.database_url) as conn:
        await Outbox(world.schema).append(conn, [outboxes.row(world, 1)])
        await conn.rollback()
    await outboxes.add(world, 2, 1)
    running = relay_of(world)
    await running.start()
    await outboxes.published(world)
    await running.drain()

    assert await outboxes.told(world) == [2]


async def test_a_row_that_no_broker_takes_is_refused(world: World) -> None:
    small = outboxes.row(world, 1)
    large = Row(small.topic, type(small.message)(b"key", b"x" * 1_000_000))
    keyless = Row(small.topic, type(small.message)(None, b"x"))
    async with await AsyncConnection.connect(world.database_url) as conn:
        with pytest.raises(RowRefused, match="larger than"):
            await Outbox(world.schema).append(conn, [small, large])
        with pytest.raises(RowRefused, match="neither key nor partition"):
            await Outbox(world.schema).append(conn, [keyless])
