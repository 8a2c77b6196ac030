"""The cadence fold on a real database, without the broker."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from psycopg_pool import AsyncConnectionPool

from schemas.envelope import Event
from services.cadence.fold import CadenceFold
from services.runtime.fold.fold import Outcome
from services.runtime.postgres import postgres
from services.runtime.postgres.connections import Pipelined
from tests.integration.arrived import arrived


@dataclass(frozen=True)
class Desk:
    """Takes batches, each in a transaction as the runner opens it."""

    pool: AsyncConnectionPool

    async def fold(
        self, *facts: Event[Any], partition: int = 0, by: CadenceFold | None = None
    ) -> Outcome:
        """Fold the facts as one batch, by a process that has just begun unless one is named."""
        async with Pipelined(self.pool).connection() as conn:
            return await (by or CadenceFold()).apply(conn, arrived(*facts, partition=partition))

    async def rows(self, sql: str) -> Sequence[Any]:
        """Read the database."""
        async with self.pool.connection() as conn:
            return await (await conn.execute(sql.encode())).fetchall()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Desk]:
    """A desk on a database with the tables."""
    async with postgres.pool(url, service="cadence") as pool:
        yield Desk(pool)
