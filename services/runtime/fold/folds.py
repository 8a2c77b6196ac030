"""A service's folds as one of its parts: an outage ends their app, and a new one goes on."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import structlog

from services.runtime.fold.delivery_errors import AlwaysOverdue
from services.runtime.fold.fold_app import FoldApp
from services.runtime.fold.steps import At
from services.runtime.process import metrics
from services.runtime.process.logs import explained
from services.runtime.process.outage import MOST_OVERDUE, OVERDUE, is_outage, outlive

DRAIN_SECONDS = 5.0
LAG_SECONDS = 5.0
NO_PLACE = "no place in the consumer group yet"

log = structlog.get_logger()


class Folds:
    """Runs an app made by `make`; after an outage of PostgreSQL or Kafka it makes another.

    The new app starts as a new process would: where the positions say, after publishing again
    what may not have been published. So it does not matter what the outage interrupted.
    """

    name = "folds"

    def __init__(self, service: str, make: Callable[[], FoldApp]) -> None:
        self._service = service
        self._make = make
        self._app: FoldApp | None = None
        self._joined = False
        self._overdue = Counter[At]()
        self._reporting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect and join the group; partitions follow."""
        await outlive(self._service, "start folds", self._begin)
        self._reporting = asyncio.create_task(self._report())

    async def wait_failed(self) -> None:
        """Raise what no new beginning mends."""
        while self._app:
            try:
                await self._app.wait_failed()
            except Exception as error:
                if not is_outage(error):
                    raise
                self._count_overdue(error)
                log.warning("folds begin anew", error=explained(error))
            await outlive(self._service, "start folds", self._begin)

    async def drain(self) -> None:
        """Finish the batches under way and leave the group."""
        if self._reporting:
            self._reporting.cancel()
        if self._app:
            await self._app.drain()

    async def unready(self) -> str | None:
        """The readiness reason of a start: the process has had no place in the group yet."""
        self._joined = self._joined or bool(self._app and self._app.ready)
        return None if self._joined else NO_PLACE

    async def impaired(self) -> str | None:
        """Why the folds do not go on, or not all of them."""
        if not self._app or not self._app.ready:
            return NO_PLACE
        return self._app.steps.trouble()

    def _count_overdue(self, error: Exception) -> None:
        """Raises AlwaysOverdue for a batch that has met the server's time limits each time."""
        if not self._app or not isinstance(error, OVERDUE):
            return
        self._overdue = Counter({at: self._overdue[at] + 1 for at in self._app.steps.failed_at})
        for (topic, partition, offset), times in self._overdue.items():
            if times == MOST_OVERDUE:
                raise AlwaysOverdue(topic, partition, offset, times) from error

    async def _begin(self) -> None:
        if self._app:
            ending = asyncio.ensure_future(self._app.drain())
            await asyncio.wait({ending}, timeout=DRAIN_SECONDS)
            ending.cancel()
        self._app = self._make()
        await self._app.start()

    async def _report(self) -> None:
        while True:
            with suppress(AssertionError):  # a rebalance in between: aiokafka has its own thread
                self._look()
            await asyncio.sleep(LAG_SECONDS)

    def _look(self) -> None:
        metrics.POSITION_LAG.clear()
        if not self._app or not self._app.ready:
            return
        if self._app.alive():
            metrics.FOLDS_ALIVE.labels(self._service).set_to_current_time()
        for (topic, partition), records in self._app.lag().items():
            metrics.POSITION_LAG.labels(self._service, topic, str(partition)).set(records)
