"""A topic's partitions side by side, each in its own order, and as many in a step as wait."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from services.runtime.fold.intake import Batch

Step = Callable[[Sequence[Batch]], Awaitable[None]]
"""Takes batches of the topic, each of another partition."""

WIDTH = 5
"""Steps of a service under way at once: while some wait for PostgreSQL or the broker, another one
folds. With three, all of them waited for a sixth of the time."""
MOST_RECORDS = 1_000
"""Lanes are gathered into one step up to here: larger steps hold more locks, and longer. A worker
took 8,400 facts/s with it, 7,850 with half of it, and no more with 1,500."""
WAITING = 12 * MOST_RECORDS
"""Records that wait in all lanes together; past that, whoever brings more waits too. They are
counted, and not their batches: a topic that gathers long would fill up with batches of one record,
and whoever brings them brings those of the other topics. A fetch brings several batches of one
partition in a row: were each lane held short, all others would run dry."""
DRAIN_SECONDS = 3.0
"""How long a step may take to its end, with a broker or database that may be away."""


class Lanes:
    """Runs `step` on what is put in. An exception in one ends all: `failed` hears it.

    What comes first waits `gather` seconds for others, of whatever partition: a transaction, a
    commit and a broker's answer cost the same for a record as for hundreds. `turns` are shared by
    a service's topics: a step takes one.
    """

    def __init__(
        self,
        step: Step,
        failed: Callable[[BaseException], None],
        turns: asyncio.Semaphore,
        gather: float = 0.0,
    ) -> None:
        self._step, self._failed, self._turns, self._gather = step, failed, turns, gather
        self._queues: dict[int, deque[Batch]] = {}
        self._waiting = 0
        self._room = asyncio.Event()
        self._room.set()
        self._busy: set[int] = set()
        self._gathering: asyncio.Task[None] | None = None
        self._steps: set[asyncio.Task[None]] = set()
        self._closed = False

    async def put(self, batch: Batch) -> None:
        """Queue a batch in its partition's lane."""
        if self._closed:
            return
        await self._room.wait()
        self._count(len(batch.records))
        self._queues.setdefault(batch.partition, deque()).append(batch)
        self._consider()

    async def drain(self) -> None:
        """Finish the steps under way, and take no other; a step that is stuck is given up."""
        self._closed = True
        if self._gathering:
            self._gathering.cancel()
        if self._steps:
            await asyncio.wait(self._steps, timeout=DRAIN_SECONDS)
        for task in self._steps:
            task.cancel()
        await asyncio.gather(*self._steps, return_exceptions=True)

    def _consider(self) -> None:
        """Gather for a step, if a lane is free; what is left is looked at when a step ends."""
        if self._gathering is None and not self._closed and (free := self._free()):
            waiting = sum(len(batch.records) for one in free for batch in self._queues[one])
            self._gathering = asyncio.create_task(self._begin(waiting))

    async def _begin(self, waiting: int) -> None:
        if waiting < MOST_RECORDS:
            await asyncio.sleep(self._gather)
        await self._turns.acquire()
        self._gathering = None
        if self._closed:  # a step failed meanwhile: what it committed may not be published yet
            self._turns.release()
            return
        ready = self._ready()
        step = asyncio.create_task(self._run(ready))
        self._steps.add(step)
        step.add_done_callback(self._ended)
        self._consider()

    def _ready(self) -> list[Batch]:
        """What waits in each free lane, the lane that waited longest first."""
        ready: list[Batch] = []
        left = MOST_RECORDS
        for partition in self._free():
            if left <= 0:
                break
            ready.append(self._taken(partition, left))
            left -= len(ready[-1].records)
            self._queues[partition] = self._queues.pop(partition)
        self._busy.update(one.partition for one in ready)
        return ready

    def _taken(self, partition: int, most: int) -> Batch:
        """A lane's next batches as one, as far as each goes on where the last ended."""
        queue = self._queues[partition]
        batch = self._popped(queue)
        while queue and batch.adjoins(queue[0]) and len(batch.records) < most:
            batch = batch.with_next(self._popped(queue))
        return batch

    def _popped(self, queue: deque[Batch]) -> Batch:
        batch = queue.popleft()
        self._count(-len(batch.records))
        return batch

    def _count(self, records: int) -> None:
        self._waiting += records
        if self._waiting < WAITING:
            self._room.set()
        else:
            self._room.clear()

    def _free(self) -> list[int]:
        return [one for one, queue in self._queues.items() if queue and one not in self._busy]

    async def _run(self, ready: Sequence[Batch]) -> None:
        try:
            await self._step(ready)
        except Exception as error:
            self._closed = True
            self._failed(error)
        finally:
            self._busy.difference_update(one.partition for one in ready)

    def _ended(self, step: asyncio.Task[None]) -> None:
        self._turns.release()
        self._steps.discard(step)
        self._consider()
