"""Partitions side by side, each in its own order, and as many in one step as are waiting."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence

from faust.types import TP

from services.runtime.intake import Batch

Step = Callable[[str, Sequence[Batch]], Awaitable[None]]
"""Takes batches of a topic, each of another partition."""

WIDTH = 5
"""Steps under way at once: while some wait for PostgreSQL or the broker, another one folds. With
three, all of them waited for a sixth of the time."""
WAITING = 12
"""Batches that wait in all lanes together; past that, whoever brings more waits too. A fetch
brings several of one partition in a row: were each lane held short, all others would run dry."""
MOST_RECORDS = 500
"""Lanes are gathered into one step up to here: larger steps hold more locks, and longer."""
DRAIN_SECONDS = 3.0
"""How long a step may take to its end, with a broker or database that may be away."""


class Lanes:
    """Runs `step` on what is put in. An exception in one ends all: `failed` hears it.

    A first batch waits `gather` seconds for others, of whatever partition: a transaction, a
    commit and a broker's answer cost the same for a record as for hundreds.
    """

    def __init__(
        self, step: Step, failed: Callable[[BaseException], None], gather: float = 0.0
    ) -> None:
        self._step, self._failed, self._gather = step, failed, gather
        self._queues: dict[TP, deque[Batch]] = {}
        self._room = asyncio.Semaphore(WAITING)
        self._busy: set[TP] = set()
        self._steps: set[asyncio.Task[None]] = set()
        self._gathering: asyncio.TimerHandle | None = None
        self._closed = False

    async def put(self, tp: TP, batch: Batch) -> None:
        """Queue a batch in its partition's lane."""
        if self._closed:
            return
        await self._room.acquire()
        self._queues.setdefault(tp, deque()).append(batch)
        if self._gathering is None and len(self._steps) < WIDTH:
            delay = 0.0 if len(batch.records) >= MOST_RECORDS else self._gather
            self._gathering = asyncio.get_running_loop().call_later(delay, self._gathered)

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

    def _gathered(self) -> None:
        self._gathering = None
        self._begin()

    def _begin(self) -> None:
        """Begin what may be begun; what is left is begun when a step ends."""
        while not self._closed and len(self._steps) < WIDTH and (ready := self._ready()):
            step = asyncio.create_task(self._run(ready))
            self._steps.add(step)
            step.add_done_callback(self._ended)

    def _ready(self) -> dict[TP, Batch]:
        """The next batch of each free lane of one topic, the lane that waited longest first."""
        ready: dict[TP, Batch] = {}
        records = 0
        for tp in self._free():
            if records >= MOST_RECORDS:
                break
            ready[tp] = self._queues[tp].popleft()
            self._room.release()
            records += len(ready[tp].records)
            self._queues[tp] = self._queues.pop(tp)
        self._busy |= ready.keys()
        return ready

    def _free(self) -> list[TP]:
        waiting = [tp for tp, queue in self._queues.items() if queue]
        free = [tp for tp in waiting if tp not in self._busy]
        return [tp for tp in free if tp.topic == free[0].topic]

    async def _run(self, ready: Mapping[TP, Batch]) -> None:
        try:
            await self._step(next(iter(ready)).topic, list(ready.values()))
        except Exception as error:
            self._closed = True
            self._failed(error)
        finally:
            self._busy -= ready.keys()

    def _ended(self, step: asyncio.Task[None]) -> None:
        self._steps.discard(step)
        if self._gathering is None:
            self._begin()
