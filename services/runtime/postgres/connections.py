"""Where a change gets its connection: from the pool, or inside a transaction that is under way."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool


class Connections(Protocol):
    """What a change needs of a pool: a connection that commits at the end of the block."""

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]: ...


class Pipelined:
    """Gives a pool's connections, whose statements do not wait for each other's answers: a change
    waits as often as it has to know one, and for its commit together with what it wrote last."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """The connection; what it was told is committed at the end of the block, or nothing."""
        async with self._pool.connection() as conn, conn.pipeline(), conn.transaction():
            yield conn


class Within:
    """Gives the caller's connection, and leaves the commit to the caller."""

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """The connection; nothing is committed at the end of the block."""
        yield self._conn
