"""Finds what ends or begins by itself. No rep waits for it: questions look for themselves."""

from dataclasses import dataclass

from psycopg_pool import AsyncConnectionPool

from services.prioritizer.people import early_return, silence, team_off
from services.prioritizer.polling import requests
from services.prioritizer.polling.overdue import AT_ONCE, expire, lapse
from services.prioritizer.settings import NAME
from services.prioritizer.table import leads
from services.prioritizer.table.opening import reopen
from services.runtime.doors.once import forget
from services.runtime.outbox.outbox import Outbox
from services.runtime.process.polling import poll


@dataclass(frozen=True, slots=True)
class Poller:
    """Any number may run: what one has found, no other finds again."""

    pool: AsyncConnectionPool
    outbox: Outbox

    async def run(self) -> None:
        """Look about once a second, for as long as the service lives."""
        await poll(self.look, AT_ONCE)

    async def look(self) -> int:
        """End what is overdue, and ask tools for what is due; the rows of the kind with most."""
        async with self.pool.connection() as conn:
            await forget(conn, NAME)
            return max(
                await expire(conn, self.outbox),
                await reopen(conn),
                await silence.find(conn, self.outbox),
                await team_off.pause(conn, self.outbox),
                await early_return.resume(conn, self.outbox),
                await lapse(conn, self.outbox),
                await leads.settle(conn, AT_ONCE),
                await requests.request(conn, self.outbox),
                await requests.lapse(conn, self.outbox),
            )
