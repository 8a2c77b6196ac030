"""Partitions side by side, each in its own order, and none after a failure."""

import asyncio
from functools import partial

from services.runtime.intake import Batch
from services.runtime.lanes import WIDTH, Lanes


def batch(start: int) -> Batch:
    """A batch that is told from others by its start."""
    return Batch(0, start, [])


class Log:
    """What the lanes did."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int]] = []
        self.failures: list[BaseException] = []
        self.under_way = self.most = 0
        self.going = asyncio.Event()

    async def step(self, name: str, taken: Batch) -> None:
        """Wait until the test says go."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.going.wait()
        self.under_way -= 1
        self.taken.append((name, taken.start))

    async def fail(self, _: Batch) -> None:
        """A fault."""
        raise ZeroDivisionError


async def settled() -> None:
    """Let every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_lanes_run_side_by_side_up_to_their_width_and_in_order_within() -> None:
    log = Log()
    lanes = Lanes(log.failures.append)
    for name in "abcde":
        for start in (1, 2):
            await lanes.put(name, partial(log.step, name), batch(start))
    await settled()
    assert log.under_way == WIDTH
    log.going.set()
    await settled()

    assert log.most == WIDTH
    for name in "abcde":
        assert [start for taken, start in log.taken if taken == name] == [1, 2]
    await lanes.drain()


async def test_the_first_failure_is_told_once_and_nothing_is_taken_after_it() -> None:
    log = Log()
    log.going.set()
    lanes = Lanes(log.failures.append)
    await lanes.put("a", log.fail, batch(1))
    await lanes.put("a", log.fail, batch(2))
    await settled()
    await lanes.put("b", partial(log.step, "b"), batch(1))
    await settled()

    assert [type(failure) for failure in log.failures] == [ZeroDivisionError]
    assert log.taken == []
    await lanes.drain()


async def test_a_drain_finishes_what_is_under_way_and_takes_no_other() -> None:
    log = Log()
    lanes = Lanes(log.failures.append)
    await lanes.put("a", partial(log.step, "a"), batch(1))
    await lanes.put("a", partial(log.step, "a"), batch(2))
    await settled()
    draining = asyncio.create_task(lanes.drain())
    await settled()
    assert not draining.done()
    log.going.set()
    await draining

    assert log.taken == [("a", 1)]
