"""The parts of a running service, watched together: one that ends, ends them all."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Protocol

import structlog

from services.runtime.process.exits import Exit, Stopped
from services.runtime.process.logs import explained
from services.runtime.process.outage import outlive

DRAIN_SECONDS = 8.0
"""For all parts together; the process is gone two seconds later whatever they do."""

log = structlog.get_logger()


class Part(Protocol):
    """Something that runs from `start` to `drain` and is not expected to end by itself."""

    @property
    def name(self) -> str:
        """As logs call it."""
        ...

    async def start(self) -> None:
        """Return once it runs."""
        ...

    async def wait_failed(self) -> None:
        """Return or raise only when it cannot go on."""
        ...

    async def drain(self) -> None:
        """Take nothing new, finish what is under way, end."""
        ...


class Background:
    """A task that runs for ever; it is begun anew after an outage of PostgreSQL or Kafka."""

    def __init__(
        self, service: str, name: str, work: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        self.name = name
        self._service = service
        self._work = work
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin the task."""
        self._task = asyncio.create_task(outlive(self._service, self.name, self._work))

    async def wait_failed(self) -> None:
        """Raise what the task raised; return if it ended by itself."""
        if self._task:
            await asyncio.shield(self._task)

    async def drain(self) -> None:
        """Cancel it; an open transaction is rolled back, and its work is found again."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


async def run_parts(parts: Sequence[Part], stop: asyncio.Event) -> None:
    """Start the parts in order, run until `stop` is set, then drain them side by side.

    Raises Stopped when a part could not start, failed, or ended though nobody asked it to.
    """
    started: list[Part] = []
    try:
        for part in parts:
            await _start(part)
            started.append(part)
        log.info("running")
        await _watch(parts, stop)
        log.info("draining")
    finally:
        await _drain(started)


async def _start(part: Part) -> None:
    try:
        await part.start()
    except Stopped:
        raise
    except Exception as error:
        reason = f"{part.name} could not start: {explained(error)}"
        raise Stopped(Exit.FAILED, reason) from error


async def _watch(parts: Sequence[Part], stop: asyncio.Event) -> None:
    watchers = {part.name: asyncio.create_task(part.wait_failed()) for part in parts}
    stopping = asyncio.create_task(stop.wait())
    tasks: set[asyncio.Task[Any]] = {stopping, *watchers.values()}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for name, watcher in watchers.items():
            if watcher.done():
                raise _failure(name, watcher.exception())
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _failure(name: str, error: BaseException | None) -> Stopped:
    why = explained(error) if error else "it ended though nobody had asked it to"
    stopped = Stopped(Exit.FAILED, f"{name} failed: {why}")
    stopped.__cause__ = error
    return stopped


async def _drain(parts: Sequence[Part]) -> None:
    drains = {asyncio.create_task(part.drain()): part for part in parts}
    if not drains:
        return
    done, late = await asyncio.wait(drains, timeout=DRAIN_SECONDS)
    for task in late:
        task.cancel()
        log.warning("drain cut short", name=drains[task].name)
    for task in done:
        if error := task.exception():
            log.warning("drain failed", name=drains[task].name, error=explained(error))
