"""Partitions side by side, each in its own order."""

import asyncio
from collections.abc import Awaitable, Callable

from services.runtime.intake import Batch

Step = Callable[[Batch], Awaitable[None]]

WIDTH = 3
"""Steps under way at once: while one waits for PostgreSQL, another one folds."""
DEPTH = 2
"""Batches that wait in a lane; past that, whoever brings more waits too."""
DRAIN_SECONDS = 3.0
"""How long a step may take to its end, with a broker or database that may be away."""


class Lanes:
    """Runs steps. The first exception in one ends all: `failed` hears it once."""

    def __init__(self, failed: Callable[[BaseException], None]) -> None:
        self._failed = failed
        self._under_way = asyncio.Semaphore(WIDTH)
        self._queues: dict[object, asyncio.Queue[Batch]] = {}
        self._tasks: dict[object, asyncio.Task[None]] = {}
        self._busy: set[object] = set()
        self._closed = False

    async def put(self, name: object, step: Step, batch: Batch) -> None:
        """Queue a batch in the lane of that name, which is made when it is new."""
        if self._closed:
            return
        if name not in self._queues:
            self._queues[name] = asyncio.Queue(DEPTH)
            self._tasks[name] = asyncio.create_task(self._run(name, step))
        await self._queues[name].put(batch)

    async def drain(self) -> None:
        """Finish the steps under way, and take no other; a step that is stuck is given up."""
        self._closed = True
        busy = [task for name, task in self._tasks.items() if name in self._busy]
        if busy:
            await asyncio.wait(busy, timeout=DRAIN_SECONDS)
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _run(self, name: object, step: Step) -> None:
        queue = self._queues[name]
        while not self._closed:
            batch = await queue.get()
            async with self._under_way:
                await self._take(name, step, batch)

    async def _take(self, name: object, step: Step, batch: Batch) -> None:
        if self._closed:
            return
        self._busy.add(name)
        try:
            await step(batch)
        except Exception as error:
            self._closed = True
            self._failed(error)
        finally:
            self._busy.discard(name)
