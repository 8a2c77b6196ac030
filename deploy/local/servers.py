"""A real broker and a real database on a machine that has only Python: start, stop, look."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import jars, kafka, postgres, state
from deploy.local.disk import told
from deploy.local.errors import NotRunning, OneServerOnly
from deploy.local.ports import LOOPBACK, is_free
from deploy.local.processes import Server, why_it_died
from deploy.local.progress import Report, Silence
from deploy.local.state import Ports, State
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.kafka_settings import BOOTSTRAP, KafkaSettings, of_brokers

_NOWHERE = Ports(0, 0, 0)
"""For servers that are only looked for, which is done by their folders."""


@dataclass(frozen=True, slots=True)
class Servers:
    """What a service needs to know of its surroundings."""

    kafka_bootstrap: str
    database_url: str
    kafka: Mapping[str, str] = field(default_factory=dict)
    """What else is to be said of the brokers: `TOUCHLINE_KAFKA_` settings."""

    @property
    def brokers(self) -> Brokers:
        """What our clients are told. Raises SettingsRefused where the settings are wrong."""
        return KafkaSettings.from_env({BOOTSTRAP: self.kafka_bootstrap, **self.kafka}).brokers


@dataclass(frozen=True, slots=True)
class Status:
    """What a folder's servers do now, and where they answered last; None if they never did.

    `died` holds those that ended without being asked to, each with where its log is and its end.
    """

    servers: Servers | None
    pids: Mapping[str, int | None]
    died: Mapping[str, tuple[Path, str]]

    @property
    def running(self) -> bool:
        """Whether both answer to their state."""
        return self.servers is not None and all(self.pids.values())


def from_environment(environment: Mapping[str, str]) -> Servers | None:
    """The servers that the user runs, or None if the embedded ones are wanted.

    Raises OneServerOnly if just one of KAFKA_BOOTSTRAP and DATABASE_URL is set.
    """
    bootstrap, url = environment.get("KAFKA_BOOTSTRAP"), environment.get("DATABASE_URL")
    if bootstrap and url:
        return Servers(bootstrap, url, of_brokers(environment))
    if bootstrap:
        raise OneServerOnly("KAFKA_BOOTSTRAP", "DATABASE_URL")
    if url:
        raise OneServerOnly("DATABASE_URL", "KAFKA_BOOTSTRAP")
    return None


def up(folder: Path, progress: Report | None = None, jar_cache: Path | None = None) -> Servers:
    """Start what is not running and return where both servers answer.

    All state lies in the folder; the jars too, unless a cache is named. Raises a
    LocalServerError, and leaves running only what ran before, if either server cannot serve.
    """
    folder = folder.resolve()
    cache = (jar_cache or folder / "jars").resolve()
    with told(folder), state.exclusive(folder):
        ports = _ports(folder)  # it stops what runs on ports that are another's by now
        before = [server.name for server in _both(folder, _NOWHERE) if server.pid()]
        try:
            running = _start(folder, ports, progress or Silence(), cache)
        except BaseException:
            _halt(folder, spared=before)
            raise
        state.save(folder, running)
    return Servers(running.kafka_bootstrap, running.database_url)


def down(folder: Path) -> None:
    """Stop both servers; their data and ports are kept. Harmless when they do not run."""
    folder = folder.resolve()
    if folder.exists():
        with told(folder), state.exclusive(folder):
            _halt(folder)


def status(folder: Path) -> Status:
    """Look, and change nothing."""
    folder = folder.resolve()
    known = state.load(folder)
    servers = Servers(known.kafka_bootstrap, known.database_url) if known else None
    both = _both(folder, known.ports if known else _NOWHERE)
    return Status(
        servers,
        {server.name: server.pid() for server in both},
        {server.name: (server.log, server.tail()) for server in both if server.died()},
    )


def running(folder: Path) -> Servers:
    """Where the folder's servers answer; raises NotRunning unless both do."""
    found = status(folder)
    if not found.running or found.servers is None:
        raise NotRunning(folder)
    return found.servers


def refuse_dead(folder: Path) -> None:
    """Raise as its log tells, where one of the folder's servers ended without being asked to."""
    folder = folder.resolve()
    known = state.load(folder)
    for server in _both(folder, known.ports if known else _NOWHERE):
        if server.died():
            raise why_it_died(server)


def kill_broker(folder: Path) -> None:
    """End the broker as a power cut would."""
    kafka.kill(_both(folder.resolve(), _known(folder).ports)[0])


def start_broker(folder: Path) -> None:
    """Bring the broker back: same port, same data."""
    known = _known(folder)
    broker = _both(folder.resolve(), known.ports)[0]
    kafka.start(broker, known.ports.controller, jars.class_path(Path(known.jars), Silence()))
    kafka.await_answer(broker)


def kill_database(folder: Path) -> None:
    """End the database as a power cut would."""
    postgres.kill(_both(folder.resolve(), _known(folder).ports)[1])


def start_database(folder: Path) -> None:
    """Bring the database back: same port, same data, recovered from its log."""
    postgres.start(_both(folder.resolve(), _known(folder).ports)[1], Silence())


def _both(folder: Path, ports: Ports) -> tuple[Server, Server]:
    return kafka.broker(folder, ports.kafka), postgres.database(folder, ports.postgres)


def _known(folder: Path) -> State:
    known = state.load(folder.resolve())
    if known is None:
        raise NotRunning(folder)
    return known


def _ports(folder: Path) -> Ports:
    """The ports of the last start, unless others took them or the state file is gone."""
    known = state.load(folder)
    if known and _usable(folder, known.ports):
        return known.ports
    _halt(folder)
    return state.free_ports(folder)


def _usable(folder: Path, ports: Ports) -> bool:
    broker, database = _both(folder, ports)
    broker_well = broker.pid() or (is_free(ports.kafka) and is_free(ports.controller))
    return bool(broker_well and (database.pid() or is_free(ports.postgres)))


def _start(folder: Path, ports: Ports, report: Report, jar_cache: Path) -> State:
    broker, database = _both(folder, ports)
    with ThreadPoolExecutor(1) as beside:
        started = beside.submit(postgres.start, database, report)
        if broker.pid() is None:
            class_path = jars.class_path(jar_cache, report)
            report.say("Starting Apache Kafka and PostgreSQL")
            kafka.start(broker, ports.controller, class_path)
        kafka.await_answer(broker)
        started.result()
    return State(
        ports=ports,
        kafka_bootstrap=f"{LOOPBACK}:{ports.kafka}",
        database_url=postgres.url(database),
        jars=str(jar_cache),
        pids={server.name: pid for server in (broker, database) if (pid := server.pid())},
    )


def _halt(folder: Path, spared: Collection[str] = ()) -> None:
    broker, database = _both(folder, _NOWHERE)
    if broker.name not in spared:
        kafka.halt(broker)
    if database.name not in spared:
        postgres.halt(database)
