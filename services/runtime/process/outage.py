"""What is an outage, to be outlived, and what is a fault, to end the process for."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

import structlog
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]
from psycopg import Error, OperationalError
from psycopg.errors import (
    IdleInTransactionSessionTimeout,
    LockNotAvailable,
    QueryCanceled,
    TransactionTimeout,
)

from services.runtime.process import metrics
from services.runtime.process.logs import explained

FIRST_SECONDS = 0.1
LONGEST_SECONDS = 5.0

OVERDUE = (IdleInTransactionSessionTimeout, TransactionTimeout, QueryCanceled, LockNotAvailable)
"""One of the server's time limits ended the work. Whoever slept, or met a slow hour, is done next
time; a statement that always takes longer never is."""
MOST_OVERDUE = 5
"""So many times in a row are no chance any more."""
STEADY_SECONDS = 60.0
"""Work that lasted so long before it was overdue does not always take too long."""
PASSING = ("08", "40", "53000", "532", "533", "55006", "57P01", "57P02", "57P03", "57P05")
"""SQLSTATEs of what passes by itself: no connection, a conflict, too little memory, too many
connections, a server that stops or starts. Source: PostgreSQL's appendix "Error Codes". Not among
them are a full disk, a limit of the program and a database that was dropped: those wait for
somebody to act."""

T = TypeVar("T")

log = structlog.get_logger()


def is_outage(error: BaseException) -> bool:
    """Whether PostgreSQL or Kafka was away, or this process slept; nothing was committed then."""
    match error:
        case KafkaError():
            return bool(error.retriable)
        case Error() if isinstance(error, OVERDUE):
            return True
        case OperationalError():
            return error.sqlstate is None or error.sqlstate.startswith(PASSING)
        case _:
            return False


async def outlive(service: str, step: str, work: Callable[[], Awaitable[T]]) -> T:
    """Do `work` until it ends without an outage; whatever else it raises is raised.

    `work` is begun anew each time, so it must be harmless to repeat. Raised is also what took
    too long again and again.
    """
    pause, overdue = FIRST_SECONDS, 0
    while True:
        begun = monotonic()
        try:
            return await work()
        except Exception as error:
            if not is_outage(error):
                raise
            steady = monotonic() - begun > STEADY_SECONDS
            overdue = 0 if steady or not isinstance(error, OVERDUE) else overdue + 1
            if overdue == MOST_OVERDUE:
                raise
            metrics.RETRIES.labels(service, step).inc()
            log.warning("outage", name=step, error=explained(error), pause_seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_SECONDS)
