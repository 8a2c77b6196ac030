"""Real servers for every test that asks: one pair for a whole run, shared by its workers.

A test is alone in its own database and on its own topics. Where the topics' real names matter, or
a server has to die, a module gets a pair of its own. KAFKA_BOOTSTRAP and DATABASE_URL replace the
shared pair.
"""

import asyncio
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from hypothesis import settings

from deploy.local import servers as local
from deploy.local.servers import Servers, from_environment
from tests.real_servers import OwnServers, TopicMaker, create_database, drop_database
from tests.tables import SCHEMAS, make_tables

STATE = Path(__file__).parents[1] / ".touchline"
ON_DISK = STATE / "tests"
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of the user's own in it
IN_MEMORY = MEMORY / f"touchline-tests-{os.getuid()}"
ENOUGH = 8 << 30
"""A run's databases and logs, and as much again for what it runs."""
JARS = STATE / "jars"
LONG = ("faults", "e2e", "integration/delivery", "integration/local", "integration/ingest")
"""Folders whose tests start servers and services, and wait for them."""


def _runs() -> Path:
    """In memory, where there is enough: a disk takes 0.1 s to make a database's 600 files."""
    free = shutil.disk_usage(MEMORY).free if MEMORY.is_dir() else 0
    enough = min(free, psutil.virtual_memory().available) > ENOUGH
    return IN_MEMORY if enough else ON_DISK


RUNS = _runs()
FOLDER = pytest.StashKey[Path]()


gc.set_threshold(100_000, 20, 50)  # of 4,000 tests the heap is large: a tenth of all CPU
settings.register_profile("touchline", deadline=None, print_blob=True)  # slow machines pass too
settings.load_profile("touchline")


def pytest_configure(config: pytest.Config) -> None:
    """One folder a run: made up by the process that the user started, handed to its workers."""
    handed = getattr(config, "workerinput", {}).get("run_folder")
    config.stash[FOLDER] = Path(handed) if handed else RUNS / str(os.getpid())
    if not handed:
        _remove_abandoned_runs()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the folder to a worker."""
    node.workerinput["run_folder"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop everything once all workers are done, also those that crashed."""
    if not hasattr(config, "workerinput"):
        _remove(config.stash[FOLDER])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long ones: at the end a single one would keep all waiting."""
    first = {Path(__file__).parent / folder: place for place, folder in enumerate(LONG)}
    items.sort(key=lambda item: first.get(item.path.parent, len(LONG)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what tests recorded of themselves: the seed of a fault run, and its verdict."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                terminalreporter.line(f"{report.location[2]}: {name}: {value}")


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Servers:
    """The run's shared broker and database."""
    external = from_environment(os.environ)
    return external or _hurried(local.up(pytestconfig.stash[FOLDER] / "shared", jar_cache=JARS))


def _hurried(servers: Servers) -> Servers:
    """Nobody cuts the power of the shared database, and its thousands of databases are dropped."""
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        conn.execute("alter system set fsync = off")
        conn.execute("alter system set file_copy_method = clone")
        conn.execute("select pg_reload_conf()")
    return servers


@pytest.fixture(scope="session")
def template(servers: Servers) -> Iterator[str | None]:
    """What databases begin with: every service's tables, as to make them takes longer than most
    tests. A folder's tests may say otherwise."""
    url = create_database(servers.database_url)
    asyncio.run(make_tables(url, *SCHEMAS))
    yield url
    drop_database(servers.database_url, url)


@pytest.fixture
def database(servers: Servers, template: str | None) -> Iterator[str]:
    """The URL of a database of this test's own, as the template is."""
    url = create_database(servers.database_url, template)
    yield url
    drop_database(servers.database_url, url)


@pytest.fixture
def broker_topics(servers: Servers) -> Iterator[TopicMaker]:
    """Called, it makes an empty topic of this test's own on the shared broker."""
    topics = TopicMaker(servers.kafka_bootstrap)
    yield topics
    topics.delete_all()


@pytest.fixture(scope="module")
def own_servers(
    pytestconfig: pytest.Config, request: pytest.FixtureRequest
) -> Iterator[Callable[[], OwnServers]]:
    """Called, it starts a broker and a database that only this module knows, and may kill."""
    if from_environment(os.environ):
        pytest.skip("needs servers that it may kill; unset KAFKA_BOOTSTRAP and DATABASE_URL")
    worker = getattr(pytestconfig, "workerinput", {}).get("workerid", "alone")
    name = f"{request.path.stem}-{worker}"
    folders = (pytestconfig.stash[FOLDER] / f"{name}-{number}" for number in count())
    started: list[Path] = []

    def start() -> OwnServers:
        started.append(folder := next(folders))
        return OwnServers(folder, local.up(folder, jar_cache=JARS))

    yield start
    for folder in started:
        local.down(folder)
        shutil.rmtree(folder)


def _remove_abandoned_runs() -> None:
    for run in (*IN_MEMORY.glob("[0-9]*"), *ON_DISK.glob("[0-9]*")):
        if not psutil.pid_exists(int(run.name)):
            _remove(run)


def _remove(run: Path) -> None:
    for folder in run.glob("*"):
        local.down(folder)
    with suppress(FileNotFoundError):
        shutil.rmtree(run)
    with suppress(OSError):
        run.parent.rmdir()  # the last one
