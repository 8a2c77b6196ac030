"""A queue of each test's own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.local.servers import Servers
from engagement.playbook import Playbook
from engagement.playbook.reading import from_yaml
from tests.integration.prioritizer.queue import Queue, migrate, opened
from tests.real_servers import create_database, drop_database


@pytest.fixture(scope="session")
def template(servers: Servers) -> Iterator[str]:
    """Each test's database begins with the tables: to make them takes as long as the test."""
    url = create_database(servers.database_url)
    asyncio.run(migrate(url))
    yield url
    drop_database(servers.database_url, url)


@pytest_asyncio.fixture
async def queue(database: str) -> AsyncIterator[Queue]:
    """An empty queue."""
    async with opened(database) as queue:
        yield queue


@pytest.fixture(scope="session")
def seed() -> Playbook:
    """The seed's playbook."""
    file = Path(__file__).parents[3] / "playbooks/seed-9-in-18.yaml"
    return from_yaml(file.read_text(encoding="utf-8"), file.name)
