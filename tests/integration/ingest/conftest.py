"""Ingest's doors on a database of the test's own, and as a process with a broker of its own."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.ports import choose
from schemas.topics import TOPICS
from services.runtime.kafka import topics
from tests.integration.ingest.harness import Ingest, opened
from tests.integration.ingest.process import Process
from tests.real_servers import OwnServers


@pytest.fixture
async def fresh(database: str) -> AsyncIterator[Ingest]:
    """Ingest before the first playbook."""
    async with opened(database) as ingest:
        yield ingest


@pytest.fixture
async def ingest(fresh: Ingest) -> Ingest:
    """Ingest with a playbook in force."""
    answer = await fresh.publish()
    assert answer.status_code == 200, answer.text
    return fresh


@pytest.fixture
def own(own_servers: Callable[[], OwnServers]) -> OwnServers:
    """A broker and a database of the test's own, with every topic."""
    own = own_servers()
    topics.apply(own.servers.brokers, TOPICS)
    return own


@pytest.fixture
def process(own: OwnServers, tmp_path: Path) -> Iterator[Process]:
    """Ingest as a process between the two."""
    started = Process.start(own, choose(tmp_path, 1)[0], tmp_path / "ingest.log")
    yield started
    started.kill()
