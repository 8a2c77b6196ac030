"""What is an outage, to be outlived, and what is a fault, to end the process for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]
from psycopg import OperationalError
from psycopg.errors import IdleInTransactionSessionTimeout, TransactionTimeout

from services.runtime import metrics
from services.runtime.logs import explained

FIRST_SECONDS = 0.1
LONGEST_SECONDS = 5.0

T = TypeVar("T")

log = structlog.get_logger()


def is_outage(error: BaseException) -> bool:
    """Whether PostgreSQL or Kafka was away, or this process slept; nothing was committed then."""
    if isinstance(error, KafkaError):
        return bool(error.retriable)
    return isinstance(
        error, OperationalError | IdleInTransactionSessionTimeout | TransactionTimeout
    )


async def outlive(service: str, step: str, work: Callable[[], Awaitable[T]]) -> T:
    """Do `work` until it ends without an outage; whatever else it raises is raised.

    `work` is begun anew each time, so it must be harmless to repeat.
    """
    pause = FIRST_SECONDS
    while True:
        try:
            return await work()
        except Exception as error:
            if not is_outage(error):
                raise
            metrics.RETRIES.labels(service, step).inc()
            log.warning("outage", name=step, error=explained(error), pause_seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_SECONDS)
