"""Publishes a service's outbox: numbered, in order, every acknowledgement awaited."""

import asyncio

import structlog
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.publish import Publisher
from services.runtime.outbox.backlog import Backlog, Numbered
from services.runtime.outbox.outbox import Outbox
from services.runtime.process import metrics
from services.runtime.process.parts import Background

GATHER_SECONDS = 0.01
"""Few rows wait for others: to number, publish and delete costs the same for all of them."""
FEW = 100
"""In rows: more than so many are followed at once."""
BUSY_SECONDS = 0.1
"""Where rows follow others sooner than this, the relay stays awake."""
AWAKE_SECONDS = 0.5
"""So long it then looks for rows by itself, and no commit has to notify it: that would keep a lock
of the whole database until the commit is on disk."""
LATE_SECONDS = 0.5
"""And so much longer, as who began to commit before may commit after. Who takes longer still is
found by the look that finds what was never notified."""
REPORT_SECONDS = 1.0
LOCK_SECONDS = 1.0
"""How often a relay that is not the one asks whether it can be."""

log = structlog.get_logger()


class Relay(Background):
    """One of a service's relays; any number may run, and an advisory lock says which one works.

    Outages of PostgreSQL and Kafka are outlived. A relay that sleeps for `idle_seconds` loses its
    session, and with it the lock and the right to number rows; what it still publishes then are
    repeats, under the numbers that the rows have. A fifth of that time is how often it looks for
    rows whose notification was lost, which is also its session's sign of life. Stopped, it leaves
    in the outbox what is not acknowledged.
    """

    def __init__(
        self, service: str, brokers: Brokers, database_url: str, *, idle_seconds: float = 10.0
    ) -> None:
        super().__init__(service, "relay", self._relay)
        self._brokers, self._url = brokers, database_url
        self._look_seconds = idle_seconds / 5
        self._options = f"-c idle_session_timeout={int(idle_seconds * 1000)}"
        self._reported = -REPORT_SECONDS
        self._awake_until = self._busy_until = 0.0

    async def _relay(self) -> None:
        connection = await AsyncConnection.connect(
            self._url,
            autocommit=True,
            options=self._options,
            connect_timeout=5,
            application_name=f"touchline-{self._service}-relay",
        )
        async with connection as conn:
            backlog = Backlog(self._service, conn)
            while not await backlog.try_lock():  # noqa: ASYNC110  its holder is elsewhere
                await asyncio.sleep(LOCK_SECONDS)
            log.info("relaying", service=self._service)
            await self._publish_all(backlog, conn)

    async def _publish_all(self, backlog: Backlog, conn: AsyncConnection) -> None:
        publisher = Publisher(self._brokers, f"touchline-{self._service}-relay")
        await publisher.start()
        try:
            await conn.execute(SQL("listen {}").format(Identifier(Outbox(self._service).channel)))
            rows = await backlog.numbered()
            while True:
                if rows:
                    await self._publish(backlog, publisher, rows)
                    await self._stay_awake(backlog)
                if len(rows) < FEW:
                    await asyncio.sleep(GATHER_SECONDS)
                rows = await backlog.next_after(rows)
                if not rows:
                    await self._report(backlog)
                    await self._notified(conn)
        finally:
            await publisher.stop()

    async def _stay_awake(self, backlog: Backlog) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._busy_until and self._awake_until < now + AWAKE_SECONDS / 2:
            self._awake_until = now + AWAKE_SECONDS
            await backlog.stay_awake(AWAKE_SECONDS)
        self._busy_until = now + BUSY_SECONDS

    async def _notified(self, conn: AsyncConnection) -> None:
        """Wait until rows were added, or may have been."""
        if asyncio.get_running_loop().time() < self._awake_until + LATE_SECONDS:
            return
        async for _ in conn.notifies(timeout=self._look_seconds, stop_after=1):
            pass  # those that came meanwhile are handed over all at once

    async def _publish(self, backlog: Backlog, publisher: Publisher, rows: list[Numbered]) -> None:
        """While the broker keeps us waiting, the session shows that it is alive."""
        publishing = asyncio.ensure_future(publisher.publish(row.outgoing for row in rows))
        try:
            while not (await asyncio.wait({publishing}, timeout=self._look_seconds))[0]:
                await self._report(backlog)
        finally:
            publishing.cancel()
        publishing.result()
        metrics.OUTBOX_PUBLISHED.labels(self._service).inc(len(rows))

    async def _report(self, backlog: Backlog) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._reported + REPORT_SECONDS:
            return
        self._reported = now
        waiting, oldest = await backlog.size()
        metrics.OUTBOX_PENDING.labels(self._service).set(waiting)
        metrics.OUTBOX_OLDEST.labels(self._service).set(oldest)
