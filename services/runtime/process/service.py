"""The one lifecycle of every service: check, start, watch, drain."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import structlog
import uvloop
from fastapi import APIRouter
from psycopg_pool import AsyncConnectionPool

from schemas.topics import QUARANTINE, Topic
from services.runtime.doors import health, http
from services.runtime.doors.door import Door
from services.runtime.fold.fold import Fold
from services.runtime.fold.fold_app import FoldApp
from services.runtime.fold.folds import Folds
from services.runtime.fold.tuning import Tuning
from services.runtime.outbox.outbox import Outbox
from services.runtime.outbox.relay import Relay
from services.runtime.postgres import postgres
from services.runtime.process import logs, metrics
from services.runtime.process.environment import SettingsRefused
from services.runtime.process.exits import Exit, Stopped, last_words
from services.runtime.process.garbage import collect_seldom
from services.runtime.process.parts import Background, Part, run_parts
from services.runtime.process.prepare import Series, prepare
from services.runtime.process.settings import RuntimeSettings
from services.runtime.process.stopping import Begin, countdown, leave, signals, unless
from services.runtime.vault import Vault, WrongVaultKey

MIGRATIONS = Path(__file__).parents[1] / "migrations"

S = TypeVar("S", bound=RuntimeSettings)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Service:
    """What a service consists of; its `build` puts this together, `run` does the rest.

    `name` is also its PostgreSQL schema, consumer group and name as a writer. `vault` is given
    where people are sealed or unsealed. `writes` are the topics that its outbox writes to. A
    background task that ends, ends the service. A record of a topic in `gather` waits so many
    seconds for others, instead of the few milliseconds that are usual.
    """

    name: str
    settings: RuntimeSettings
    pool: AsyncConnectionPool
    migrations: Path
    vault: Vault | None = None
    folds: Sequence[Fold] = ()
    gather: Mapping[str, float] = field(default_factory=dict)
    outbox: Outbox | None = None
    writes: Sequence[Topic] = ()
    routers: Sequence[APIRouter] = ()
    background: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()
    checks: Mapping[str, health.Check] = field(default_factory=dict)


def main(settings: type[S], build: Callable[[S], Service], env: Mapping[str, str]) -> NoReturn:
    """Run the service that `build` makes from `env`, and end the process with its exit code.

    Wrong settings are told on stderr, a line each, before anything starts.
    """
    try:
        service = build(settings.from_env(env))
    except SettingsRefused as refused:
        sys.stderr.write(f"{refused}\n")
        logs.configure(build.__module__.removesuffix(".service").rpartition(".")[2], "info")
        leave(last_words(Stopped(Exit.CONFIG, "; ".join(refused.problems))))
    leave(run(service))


def run(service: Service) -> Exit:
    """Serve until SIGTERM or SIGINT, or until a part fails; returns the exit code.

    0: drained. 70: a part failed. 75: PostgreSQL or Kafka did not answer at the start.
    78: a setting, a topic or the tables do not fit. The last log line, `stopped`, says why.
    """
    logs.configure(service.name, service.settings.log_level)
    collect_seldom()
    error: Exception | None = None
    with (
        countdown() as begin,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        try:
            runner.run(_serve(service, begin))
        except Exception as failure:
            error = failure
            begin(error)  # the loop waits for its threads
    return last_words(error)


async def _serve(service: Service, ending: Begin) -> None:
    stop = asyncio.Event()

    def asked() -> None:
        stop.set()
        ending(None)

    with signals(asked):
        if await unless(stop, _prepare(service)):
            metrics.BUILD_INFO.labels(service.name, version("touchline")).set(1)
            metrics.STARTED.labels(service.name).set_to_current_time()
            async with service.pool:
                await _check_vault(service)
                await run_parts(_parts(service), stop)


async def _prepare(service: Service) -> None:
    await prepare(service.settings, _topics(service), _series(service))


async def _check_vault(service: Service) -> None:
    """A wrong key is found now, not by the first person whose data cannot be read."""
    if service.vault is None:
        return
    try:
        async with service.pool.connection() as conn:
            await service.vault.verify(conn)
    except WrongVaultKey as error:
        raise Stopped(Exit.CONFIG, str(error)) from error


def _parts(service: Service) -> list[Part]:
    """In the order of their start: the door opens last."""
    parts: list[Part] = []
    checks: dict[str, health.Check] = {"database": partial(postgres.unreachable, service.pool)}
    watched: dict[str, health.Check] = {}
    if service.outbox is not None:
        settings = service.settings
        url = settings.database_url.get_secret_value()
        parts.append(Relay(service.name, settings.brokers, url))
    if service.folds:
        folds = Folds(service.name, partial(_fold_app, service))
        checks["folds"] = folds.unready if service.routers else folds.impaired
        watched["folds"] = folds.impaired
        parts.append(folds)
    parts += [Background(service.name, _name(work), work) for work in service.background]
    return [*parts, _door(service, checks | dict(service.checks), watched)]


def _fold_app(service: Service) -> FoldApp:
    settings = service.settings
    tuning = Tuning(settings.session_timeout_seconds, gather=service.gather)
    return FoldApp(service.name, settings.brokers, service.pool, service.folds, tuning)


def _door(
    service: Service, checks: Mapping[str, health.Check], watched: Mapping[str, health.Check]
) -> Door:
    settings = service.settings
    routers = [*service.routers, health.router(checks, watched)]
    app = http.application(service.name, routers, settings.max_body_bytes, settings.calls_a_second)
    return Door(app, settings.http_host, settings.http_port)


def _name(work: Callable[[], Any]) -> str:
    return getattr(work, "__qualname__", type(work).__name__)


def _topics(service: Service) -> list[Topic]:
    topics = [*service.writes]
    for fold in service.folds:
        topics += [fold.topic, QUARANTINE, *([fold.output] if fold.output else ())]
    return list(dict.fromkeys(topics))


def _series(service: Service) -> list[Series]:
    delivers = bool(service.folds) or service.outbox is not None
    return [
        *([(service.name, MIGRATIONS / "delivery")] if delivers else ()),
        *([("vault", MIGRATIONS / "vault")] if service.vault else ()),
        (service.name, service.migrations),
    ]
