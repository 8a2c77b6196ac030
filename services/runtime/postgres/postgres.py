"""Connections to PostgreSQL that give up in time: a stuck client never holds a lock for long."""

from dataclasses import dataclass, replace

from psycopg import AsyncConnection, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

from services.runtime.process.settings import RuntimeSettings

_PLANNED_ONCE = (
    " -c plan_cache_mode=force_generic_plan -c enable_sort=off -c enable_incremental_sort=off"
)
OLDEST = 170_000
"""transaction_timeout came with PostgreSQL 17."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When the server ends what a session does, in milliseconds.

    The last two free the locks of a worker that was frozen inside a transaction, so they must
    stay below the time after which Kafka gives its partitions to another.
    """

    statement: int = 5_000
    idle_in_transaction: int = 5_000
    transaction: int = 10_000

    @classmethod
    def below(cls, session_timeout_seconds: int) -> "Limits":
        """The defaults, shortened where the consumer group's session is short."""
        usual = cls()
        transaction = min(usual.transaction, 800 * session_timeout_seconds)
        return replace(
            usual,
            transaction=transaction,
            idle_in_transaction=min(usual.idle_in_transaction, transaction // 2),
        )

    def options(self) -> str:
        """As libpq's `options`."""
        return (
            f"-c statement_timeout={self.statement}"
            f" -c idle_in_transaction_session_timeout={self.idle_in_transaction}"
            f" -c transaction_timeout={self.transaction}"
        )


class TooOld(Exception):
    """The server is older than PostgreSQL 17."""

    def __init__(self, version: int) -> None:
        super().__init__(
            f"PostgreSQL {version // 10_000} is too old: it has no transaction_timeout, which"
            " frees the locks of a frozen worker. Use PostgreSQL 17 or newer."
        )


def pool(
    url: str,
    *,
    service: str,
    max_size: int = 8,
    limits: Limits | None = None,
    plan_once: bool = False,
) -> AsyncConnectionPool:
    """A pool, not yet open, whose sessions carry the service's name and the limits.

    With `plan_once` a session plans each statement once for all parameters: planning a long one
    can cost more than running it, but the plan must be good for any parameter, and for whatever
    the tables will hold. So nothing is sorted that an index has in order: to sort is cheap while
    there is little, and the plan would be kept when there is much.

    A caller waits up to five seconds for a connection, then gets PoolTimeout. After an outage
    the pool is back within seconds of the server, not after a long back-off.
    """
    given = conninfo_to_dict(url).get("options")
    limiting = (limits or Limits()).options()
    if plan_once:
        limiting += _PLANNED_ONCE
    return AsyncConnectionPool(
        url,
        kwargs={
            "application_name": f"touchline-{service}",
            "options": f"{given} {limiting}" if given else limiting,
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 2,
        },
        min_size=1,
        max_size=max_size,
        timeout=5,
        reconnect_timeout=5,
        name=f"touchline-{service}",
        open=False,
    )


def service_pool(
    settings: RuntimeSettings, *, service: str, max_size: int = 8, plan_once: bool = False
) -> AsyncConnectionPool:
    """The pool of a service that is run with these settings."""
    url = settings.database_url.get_secret_value()
    limits = Limits.below(settings.session_timeout_seconds)
    return pool(url, service=service, max_size=max_size, limits=limits, plan_once=plan_once)


async def check_server(url: str) -> None:
    """Return if the server can be used now.

    Raises OperationalError where it cannot be reached, TooOld where it is no PostgreSQL 17.
    """
    connection = await AsyncConnection.connect(url, connect_timeout=5, autocommit=True)
    async with connection:
        version = connection.info.server_version
    if version < OLDEST:
        raise TooOld(version)


async def unreachable(connections: AsyncConnectionPool) -> str | None:
    """Why the database cannot serve now, as a readiness reason; None when it can."""
    try:
        async with connections.connection(timeout=2) as conn:
            await conn.execute("select 1")
    except OperationalError:
        return "PostgreSQL does not answer"
    return None
