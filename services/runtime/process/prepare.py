"""What must be there before a service runs: its servers, its topics, its tables."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any

import structlog
from kafka.errors import KafkaError
from psycopg import OperationalError

from schemas.topics import Topic
from services.runtime.kafka.knock import knock
from services.runtime.kafka.topic_errors import BrokerUnreachable, TopicError
from services.runtime.kafka.topics import check_partitions
from services.runtime.postgres import postgres
from services.runtime.postgres.migrating import migrate
from services.runtime.postgres.migration_files import MigrationRefused
from services.runtime.process.exits import Exit, Stopped
from services.runtime.process.logs import explained
from services.runtime.process.settings import RuntimeSettings

PAUSE_SECONDS = 1.0
AWAY = (OperationalError, KafkaError, BrokerUnreachable, OSError)
MISFIT = (TopicError, MigrationRefused, postgres.TooOld)

Series = tuple[str, Path]
"""A schema, and a folder of migrations for it."""

log = structlog.get_logger()


async def prepare(
    settings: RuntimeSettings, topics: Sequence[Topic], series: Iterable[Series]
) -> None:
    """Wait for PostgreSQL and Kafka, as long as settings say, check the topics, make the tables.

    Raises Stopped: AWAY where a server did not answer in time, CONFIG where something that is
    there does not fit.
    """
    url, patience = settings.database_url.get_secret_value(), settings.start_patience_seconds
    await _await("PostgreSQL", "TOUCHLINE_DATABASE_URL", patience, lambda: _tables(url, series))
    if topics:
        await _await(
            "Kafka", "TOUCHLINE_KAFKA_BOOTSTRAP", patience, lambda: _topics(settings, topics)
        )


async def _tables(url: str, series: Iterable[Series]) -> None:
    await postgres.check_server(url)
    for schema, folder in series:
        await migrate(url, schema, folder)


async def _topics(settings: RuntimeSettings, topics: Sequence[Topic]) -> None:
    await knock(settings.brokers)
    await asyncio.to_thread(check_partitions, settings.brokers, topics)


async def _await(
    name: str, setting: str, patience: float, attempt: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while True:
        try:
            await attempt()
        except AWAY as error:
            if loop.time() >= deadline:
                raise _away(name, setting, patience, error) from error
            log.warning("waiting", name=name, error=explained(error))
        except MISFIT as error:
            raise Stopped(Exit.CONFIG, str(error)) from error
        else:
            return
        await asyncio.sleep(PAUSE_SECONDS)


def _away(name: str, setting: str, patience: float, error: BaseException) -> Stopped:
    reason = (
        f"{name} did not answer within {patience:g} seconds at the address in {setting}"
        f" ({explained(error)})"
    )
    return Stopped(Exit.AWAY, reason)
