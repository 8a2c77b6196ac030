"""Partitions side by side, each in its own order, many in one step, and none after a failure."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.runtime.fold.intake import Batch
from services.runtime.fold.lanes import MOST_RECORDS, WAITING, WIDTH, Lanes

Span = tuple[int, int, int]
"""A batch: its partition, and its first and last offset."""


@dataclass
class Record:
    """As much of a record as the lanes look at."""

    offset: int


def batch(partition: int, start: int, records: int = 1) -> Batch:
    """So many records from `start` on."""
    offsets = range(start, start + records)
    return Batch(partition, start, [Record(offset) for offset in offsets])  # type: ignore[misc]


def spans(batches: Sequence[Batch]) -> list[Span]:
    """What was handed over."""
    return [(one.partition, one.records[0].offset, one.records[-1].offset) for one in batches]


class Log:
    """What the lanes did."""

    def __init__(self) -> None:
        self.taken: list[list[Span]] = []
        self.failures: list[BaseException] = []
        self.under_way = self.most = 0
        self.going = asyncio.Event()
        self.turns = asyncio.Semaphore(WIDTH)

    def lanes(self, gather: float = 0.0) -> Lanes:
        """Lanes whose steps are logged here."""
        return Lanes(self.step, self.failures.append, self.turns, gather)

    async def step(self, batches: Sequence[Batch]) -> None:
        """Wait until the test says go."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.going.wait()
        self.under_way -= 1
        self.taken.append(spans(batches))


async def fail(_batches: Sequence[Batch]) -> None:
    """A fault."""
    raise ZeroDivisionError


async def settled() -> None:
    """Let every task go as far as it can."""
    for _ in range(30):
        await asyncio.sleep(0)


async def test_full_batches_run_side_by_side_up_to_the_width_and_in_order_within() -> None:
    log = Log()
    lanes = log.lanes()
    for partition in range(WIDTH + 1):
        for start in (0, 2 * MOST_RECORDS):
            await lanes.put(batch(partition, start, MOST_RECORDS))
    await settled()
    assert log.under_way == WIDTH
    log.going.set()
    await settled()

    assert log.most == WIDTH
    firsts = [span[:2] for taken in log.taken for span in taken]
    for partition in range(WIDTH + 1):
        own = [start for where, start in firsts if where == partition]
        assert own == [0, 2 * MOST_RECORDS]
    await lanes.drain()


async def test_what_waits_in_a_lane_is_taken_as_one_batch_as_far_as_nothing_is_between() -> None:
    log = Log()
    lanes = log.lanes()
    await lanes.put(batch(0, 0))
    await settled()
    for start in (1, 2, 9):
        await lanes.put(batch(0, start))
    log.going.set()
    await settled()

    assert log.taken == [[(0, 0, 0)], [(0, 1, 2)], [(0, 9, 9)]]
    await lanes.drain()


async def test_many_batches_of_one_partition_hold_up_no_other_until_too_many_wait() -> None:
    log = Log()
    lanes = log.lanes()
    full = WAITING // MOST_RECORDS
    for number in range(full):
        await lanes.put(batch(0, number * MOST_RECORDS, MOST_RECORDS))
    await settled()
    await lanes.put(batch(1, 0, MOST_RECORDS))
    await settled()
    assert log.under_way == 2

    await lanes.put(batch(0, full * MOST_RECORDS, MOST_RECORDS))
    too_many = asyncio.create_task(lanes.put(batch(2, 0)))
    await settled()
    assert not too_many.done()
    log.going.set()
    await too_many
    await settled()

    others = [span for taken in log.taken for span in taken if span[0] > 0]
    assert others == [(1, 0, MOST_RECORDS - 1), (2, 0, 0)]
    await lanes.drain()


async def test_a_topic_that_gathers_long_takes_as_many_batches_as_come() -> None:
    lanes = Log().lanes(gather=60.0)
    async with asyncio.timeout(1):
        for number in range(WAITING):
            await lanes.put(batch(number % 12, number // 12))
    await lanes.drain()


async def test_a_step_gathers_no_more_than_its_fill() -> None:
    log = Log()
    lanes = log.lanes()
    for partition, records in ((0, 1), (1, MOST_RECORDS), (2, 1)):
        await lanes.put(batch(partition, 0, records))
    log.going.set()
    await settled()

    assert log.taken == [[(0, 0, 0), (1, 0, MOST_RECORDS - 1)], [(2, 0, 0)]]
    await lanes.drain()


async def test_a_first_batch_waits_for_others_unless_it_is_many() -> None:
    log = Log()
    log.going.set()
    lanes = log.lanes(gather=0.05)
    await lanes.put(batch(0, 0))
    await settled()
    assert log.taken == []
    await asyncio.sleep(0.01)
    await lanes.put(batch(1, 0))
    await asyncio.sleep(0.1)
    assert log.taken == [[(0, 0, 0), (1, 0, 0)]]
    await lanes.put(batch(2, 0, MOST_RECORDS))
    await settled()

    assert log.taken[1:] == [[(2, 0, MOST_RECORDS - 1)]]
    await lanes.drain()


async def test_topics_share_their_turns_and_one_that_gathers_holds_up_no_other() -> None:
    log = Log()
    unhurried, quick = log.lanes(gather=60.0), log.lanes()
    await unhurried.put(batch(0, 0))
    for partition in range(WIDTH + 1):
        await quick.put(batch(partition, 0, MOST_RECORDS))
    await settled()
    assert log.under_way == WIDTH
    log.going.set()
    await settled()

    assert len(log.taken) == WIDTH + 1
    await unhurried.drain()
    await quick.drain()


async def test_a_failure_is_told_and_nothing_is_taken_after_it() -> None:
    failures: list[BaseException] = []
    lanes = Lanes(fail, failures.append, asyncio.Semaphore(WIDTH))
    for start in (0, 1):
        await lanes.put(batch(0, start))
        await settled()
    await lanes.put(batch(2, 0))
    await settled()

    assert [type(failure) for failure in failures] == [ZeroDivisionError]
    await lanes.drain()


async def test_a_step_that_waited_for_its_turn_is_not_begun_after_a_failure() -> None:
    """It may hold what follows the failed one's batch, whose decisions it would overwrite."""
    log, failures, turns = Log(), list[BaseException](), asyncio.Semaphore(1)

    async def failing(batches: Sequence[Batch]) -> None:
        await log.step(batches)
        raise ZeroDivisionError

    lanes = Lanes(failing, failures.append, turns)
    await lanes.put(batch(0, 0))
    await settled()
    for partition, start in ((1, 0), (0, 1)):
        await lanes.put(batch(partition, start))
    await settled()
    log.going.set()
    await settled()

    assert log.taken == [[(0, 0, 0)]]
    assert not turns.locked()
    await lanes.drain()
    assert [type(failure) for failure in failures] == [ZeroDivisionError]


async def test_a_drain_finishes_what_is_under_way_and_takes_no_other() -> None:
    log = Log()
    lanes = log.lanes()
    await lanes.put(batch(0, 0))
    await settled()
    await lanes.put(batch(0, 1))
    draining = asyncio.create_task(lanes.drain())
    await settled()
    assert not draining.done()
    log.going.set()
    await draining

    assert log.taken == [[(0, 0, 0)]]
