"""What a service need not know any more is dropped by the hour, some rows at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from psycopg import AsyncConnection

from services.runtime.postgres.connections import Connections

Forget = Callable[[AsyncConnection], Awaitable[int]]
"""Drops some rows that are too old, in the caller's transaction; answers how many."""

HOUR_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Drops what is too old in each of some tables, in short transactions."""

    pool: Connections
    kinds: tuple[Forget, ...]

    async def run(self) -> None:
        """Look once an hour, for as long as the service lives."""
        while True:
            for forget in self.kinds:
                while await self._some(forget):
                    pass
            await asyncio.sleep(HOUR_SECONDS)

    async def _some(self, forget: Forget) -> int:
        async with self.pool.connection() as conn:
            return await forget(conn)
