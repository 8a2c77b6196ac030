"""A process that sleeps in a transaction must lose its locks before it loses its partitions."""

from uuid import UUID

from psycopg_pool import AsyncConnectionPool

LIMITS = ("idle_in_transaction_session_timeout", "transaction_timeout")


class LocksHeldTooLong(Exception):
    """The sessions of the folds' pool would keep a frozen process's successor waiting."""

    def __init__(self, name: str, limit_ms: int, session_timeout_ms: int) -> None:
        super().__init__(
            f"{name} is {limit_ms} ms on the folds' connections (0: none); it must be set, and be"
            f" below the consumer group's session timeout of {session_timeout_ms} ms"
        )


async def writer_token(pool: AsyncConnectionPool, session_timeout: float) -> UUID:
    """A new name for this process as a writer of positions, drawn by the database.

    Raises LocksHeldTooLong if the pool's sessions keep a stuck transaction past the session
    timeout, which is in seconds.
    """
    async with pool.connection() as conn:
        for name in LIMITS:
            cursor = await conn.execute(
                "select setting::int from pg_settings where name = %s", (name,)
            )
            (limit_ms,) = await cursor.fetchone() or (0,)
            if not 0 < limit_ms < session_timeout * 1000:
                raise LocksHeldTooLong(name, limit_ms, int(session_timeout * 1000))
        cursor = await conn.execute("select gen_random_uuid()", binary=True)
        [(token,)] = await cursor.fetchall()
    return UUID(bytes=token.bytes)
