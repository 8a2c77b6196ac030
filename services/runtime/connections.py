"""Where a change gets its connection: from the pool, or inside a transaction that is under way."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from psycopg import AsyncConnection


class Connections(Protocol):
    """What a change needs of a pool: a connection that commits at the end of the block."""

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]: ...


class Within:
    """Gives the caller's connection, and leaves the commit to the caller."""

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """The connection; nothing is committed at the end of the block."""
        yield self._conn
