"""One batch at a time: what a step takes, what it drops, and when it refuses to go on."""

import asyncio

import pytest

from schemas.codec import Message
from services.runtime.fold.delivery_errors import BatchSkipped, HoleInLog, SequenceGap
from services.runtime.fold.intake import Batch
from services.runtime.outbox.frames import Outgoing
from tests.integration.delivery import wire
from tests.integration.delivery.conftest import MakeWorld
from tests.integration.delivery.world import World, take_all


async def test_what_goes_in_comes_out_once(world: World) -> None:
    await world.tick(300)
    async with world.runner(1) as runner:
        await take_all(runner, await world.batch(), [1, 50, 100])

    assert await world.wrong() == []
    assert (await world.verdict()).repeats == 0


async def test_a_batch_that_was_taken_before_changes_nothing(world: World) -> None:
    await world.tick(20)
    batch = await world.batch()
    async with world.runner(1) as runner:
        await runner.take([batch])
        [again] = await runner.take([batch])

    assert (again.intake.stale, again.position.next_offset) == (20, 20)
    assert await world.wrong() == []


async def test_batches_of_several_partitions_are_one_step(make_world: MakeWorld) -> None:
    world = await make_world(partitions=3)
    for partition in range(3):
        await world.tick(20, partition)
    first, *others = [await world.batch(partition) for partition in range(3)]
    async with world.runner(1) as runner:
        await runner.take([first])
        taken = await runner.take([others[1], first, others[0]])

    assert [one.position.partition for one in taken] == [2, 0, 1]
    assert [one.intake.stale for one in taken] == [0, 20, 0]
    assert await world.wrong() == []
    assert (await world.verdict()).repeats == 0


async def test_a_step_fails_as_a_whole(make_world: MakeWorld) -> None:
    world = await make_world(partitions=2)
    await world.tick(5, 0)
    await wire.write(world.bootstrap, world.made(2, 1)[1:])
    batches = [await world.batch(0), await world.batch(1)]
    async with world.runner(1) as runner:
        with pytest.raises(SequenceGap):
            await runner.take(batches)
        async with runner.pool.connection() as conn:
            positions = await runner.positions.lock(conn, [0, 1], runner.token)

    assert [one.next_offset for one in positions.values()] == [0, 0]
    assert not (await world.verdict()).taken


async def test_steps_that_overlap_wait_for_each_other(make_world: MakeWorld) -> None:
    world = await make_world(partitions=4)
    for partition in range(4):
        await world.tick(200, partition)
    batches = [await world.batch(partition) for partition in range(4)]
    async with world.runner(1) as one, world.runner(2) as other:
        for start in range(0, 200, 20):
            parts = [wire.part(batch, start, start + 20) for batch in batches]
            await asyncio.gather(one.take(parts), other.take(parts[::-1]))

    assert await world.wrong() == []


async def test_repeats_on_the_wire_are_dropped(world: World) -> None:
    ticks = world.made(20)
    await wire.write(world.bootstrap, [*ticks[:12], *ticks[4:12], *ticks[6:], *ticks[:2]])
    async with world.runner(1) as runner:
        await take_all(runner, await world.batch(), [10, 7])

    assert await world.wrong() == []


async def test_a_gap_in_a_writers_sequence_stops_the_fold(world: World) -> None:
    ticks = world.made(10)
    await wire.write(world.bootstrap, [*ticks[:4], *ticks[5:]])
    batch = await world.batch()
    async with world.runner(1) as runner:
        await runner.take([wire.part(batch, 0, 4)])
        with pytest.raises(SequenceGap, match="ce_sequence 6 after 4"):
            await runner.take([wire.part(batch, 4, 9)])

    assert [len(told) for told in (await world.verdict()).taken.values()] == [4]


async def test_a_writer_that_is_new_here_starts_at_one(world: World) -> None:
    await wire.write(world.bootstrap, world.made(2)[1:])
    async with world.runner(1) as runner:
        with pytest.raises(SequenceGap, match="ce_sequence 2 after 0"):
            await runner.take([await world.batch()])


@pytest.mark.parametrize("kept", [range(5, 10), [0, 1, 2, 4]])
async def test_a_hole_in_our_log_stops_the_fold(world: World, kept: range | list[int]) -> None:
    await world.tick(10)
    batch = await world.batch()
    holey = Batch(0, 0, [batch.records[n] for n in kept])
    async with world.runner(1) as runner:
        with pytest.raises(HoleInLog, match="are missing"):
            await runner.take([holey])


async def test_a_hole_in_a_foreign_log_is_none_of_ours(make_world: MakeWorld) -> None:
    world = await make_world(ours=False)
    await world.tick(10)
    batch = await world.batch()
    async with world.runner(1) as runner:
        [taken] = await runner.take([Batch(0, 0, batch.records[5:])])

    assert (len(taken.intake.arrivals), taken.position.next_offset) == (5, 10)


@pytest.mark.parametrize("ours", [True, False])
async def test_a_batch_that_the_client_passed_over_stops_the_fold(
    make_world: MakeWorld, ours: bool
) -> None:
    world = await make_world(ours=ours)
    await world.tick(10)
    batch = await world.batch()
    async with world.runner(1) as runner:
        await runner.take([wire.part(batch, 0, 3)])
        with pytest.raises(BatchSkipped, match="starts at offset 5, but the one at 3"):
            await runner.take([wire.part(batch, 5, 10)])


async def test_foreign_messages_need_no_sequence(make_world: MakeWorld) -> None:
    world = await make_world(ours=False)
    ticks = [
        Outgoing(
            t.topic, t.partition, Message(t.message.key, t.message.value, t.message.headers[:-1])
        )
        for t in world.made(5)
    ]
    await wire.write(world.bootstrap, ticks)
    async with world.runner(1) as runner:
        await runner.take([await world.batch()])

    assert await world.wrong() == []
