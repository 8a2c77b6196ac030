"""A queue of each test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from engagement.playbook import Playbook
from engagement.playbook.reading import from_yaml
from tests.integration.prioritizer.queue import Queue, opened


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
