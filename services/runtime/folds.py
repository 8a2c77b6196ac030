"""A service's folds as one of its parts: an outage ends their app, and a new one goes on."""

import asyncio
from collections.abc import Callable

import structlog

from services.runtime import metrics
from services.runtime.fold_app import FoldApp
from services.runtime.logs import explained
from services.runtime.outage import is_outage, outlive

DRAIN_SECONDS = 5.0
LAG_SECONDS = 5.0

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
                log.warning("folds begin anew", error=explained(error))
            await outlive(self._service, "start folds", self._begin)

    async def drain(self) -> None:
        """Finish the batches under way and leave the group."""
        if self._reporting:
            self._reporting.cancel()
        if self._app:
            await self._app.drain()

    async def unready(self) -> str | None:
        """The readiness reason: the process has no place in the group yet."""
        return None if self._app and self._app.ready else "no place in the consumer group yet"

    async def _begin(self) -> None:
        if self._app:
            ending = asyncio.ensure_future(self._app.drain())
            await asyncio.wait({ending}, timeout=DRAIN_SECONDS)
            ending.cancel()
        self._app = self._make()
        await self._app.start()

    async def _report(self) -> None:
        while True:
            lag = self._app.lag() if self._app and self._app.ready else {}
            metrics.POSITION_LAG.clear()
            for (topic, partition), records in lag.items():
                metrics.POSITION_LAG.labels(self._service, topic, str(partition)).set(records)
            await asyncio.sleep(LAG_SECONDS)
