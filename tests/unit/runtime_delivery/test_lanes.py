"""Partitions side by side, each in its own order, many in one step, and none after a failure."""

import asyncio
from collections.abc import Sequence

from faust.types import TP

from services.runtime.intake import Batch
from services.runtime.lanes import MOST_RECORDS, WAITING, WIDTH, Lanes

FULL = [None] * MOST_RECORDS
Step = tuple[str, list[tuple[int, int]]]


def batch(partition: int, start: int, *, full: bool = True) -> Batch:
    """A batch that is told from others by its start; with as many records as fill a step."""
    return Batch(partition, start, FULL if full else [])  # type: ignore[arg-type]


class Log:
    """What the lanes did."""

    def __init__(self) -> None:
        self.taken: list[Step] = []
        self.failures: list[BaseException] = []
        self.under_way = self.most = 0
        self.going = asyncio.Event()

    async def step(self, topic: str, batches: Sequence[Batch]) -> None:
        """Wait until the test says go."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.going.wait()
        self.under_way -= 1
        self.taken.append((topic, [(one.partition, one.start) for one in batches]))

    async def fail(self, _topic: str, _batches: Sequence[Batch]) -> None:
        """A fault."""
        raise ZeroDivisionError


async def settled() -> None:
    """Let every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_full_batches_run_side_by_side_up_to_the_width_and_in_order_within() -> None:
    log = Log()
    lanes = Lanes(log.step, log.failures.append)
    for partition in range(WIDTH + 2):
        for start in (1, 2):
            await lanes.put(TP("t", partition), batch(partition, start))
    await settled()
    assert log.under_way == WIDTH
    log.going.set()
    await settled()

    assert log.most == WIDTH
    batches = [one for _, taken in log.taken for one in taken]
    for partition in range(WIDTH + 2):
        assert [start for where, start in batches if where == partition] == [1, 2]
    await lanes.drain()


async def test_many_batches_of_one_partition_hold_up_no_other_until_too_many_wait() -> None:
    log = Log()
    lanes = Lanes(log.step, log.failures.append)
    for start in range(WAITING):
        await lanes.put(TP("t", 0), batch(0, start))
    await settled()
    await lanes.put(TP("t", 1), batch(1, 1))
    await settled()
    assert log.under_way == 2

    await lanes.put(TP("t", 0), batch(0, WAITING))
    too_many = asyncio.create_task(lanes.put(TP("t", 2), batch(2, 1)))
    await settled()
    assert not too_many.done()
    log.going.set()
    await too_many
    await settled()

    assert [one for _, taken in log.taken for one in taken if one[0] > 0] == [(1, 1), (2, 1)]
    await lanes.drain()


async def test_what_waits_of_one_topic_is_taken_in_one_step() -> None:
    log = Log()
    log.going.set()
    lanes = Lanes(log.step, log.failures.append)
    for topic, partition, start in (("t", 3, 1), ("t", 3, 2), ("u", 3, 1), ("t", 1, 1)):
        await lanes.put(TP(topic, partition), batch(partition, start, full=False))
    await settled()

    assert log.taken == [("t", [(3, 1), (1, 1)]), ("u", [(3, 1)]), ("t", [(3, 2)])]
    await lanes.drain()


async def test_a_step_gathers_no_more_than_its_fill() -> None:
    log = Log()
    lanes = Lanes(log.step, log.failures.append)
    for partition in range(3):
        await lanes.put(TP("t", partition), batch(partition, 1, full=partition == 1))
    log.going.set()
    await settled()

    assert log.taken == [("t", [(0, 1), (1, 1)]), ("t", [(2, 1)])]
    await lanes.drain()


async def test_a_first_batch_waits_for_others_unless_it_is_full() -> None:
    log = Log()
    log.going.set()
    lanes = Lanes(log.step, log.failures.append, gather=0.05)
    await lanes.put(TP("t", 0), batch(0, 1, full=False))
    await settled()
    assert log.taken == []
    await asyncio.sleep(0.01)
    await lanes.put(TP("t", 1), batch(1, 1, full=False))
    await asyncio.sleep(0.1)
    assert log.taken == [("t", [(0, 1), (1, 1)])]
    await lanes.put(TP("t", 2), batch(2, 1))
    await settled()

    assert log.taken[1:] == [("t", [(2, 1)])]
    await lanes.drain()


async def test_a_failure_is_told_and_nothing_is_taken_after_it() -> None:
    log = Log()
    lanes = Lanes(log.fail, log.failures.append)
    await lanes.put(TP("t", 0), batch(0, 1))
    await lanes.put(TP("t", 0), batch(0, 2))
    await settled()
    await lanes.put(TP("t", 2), batch(2, 1))
    await settled()

    assert [type(failure) for failure in log.failures] == [ZeroDivisionError]
    await lanes.drain()


async def test_a_drain_finishes_what_is_under_way_and_takes_no_other() -> None:
    log = Log()
    lanes = Lanes(log.step, log.failures.append)
    await lanes.put(TP("t", 0), batch(0, 1))
    await lanes.put(TP("t", 0), batch(0, 2))
    await settled()
    draining = asyncio.create_task(lanes.drain())
    await settled()
    assert not draining.done()
    log.going.set()
    await draining

    assert log.taken == [("t", [(0, 1)])]
