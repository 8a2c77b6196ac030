"""A queue of each test's own."""

from collections.abc import AsyncIterator
from hashlib import sha256

import httpx
import pytest
import pytest_asyncio

from engagement.playbook import Playbook
from engagement.playbook.reading import from_yaml
from services.prioritizer import api
from services.prioritizer.callers import callers_of
from services.prioritizer.claims.explaining import Explaining
from services.prioritizer.lists.listing import Lists
from services.prioritizer.people import api as people_api
from services.prioritizer.reading import api as reading_api
from services.prioritizer.reading.timeline import Timelines
from services.prioritizer.settings import RepSettings
from services.prioritizer.table.playbooks import Playbooks
from services.runtime.doors.http import application
from tests.integration.prioritizer.decisions import TEAM
from tests.integration.prioritizer.queue import Queue, opened
from tests.unit.playbook.seed import SEED, TEXT

KEY = "the key of ana"


@pytest_asyncio.fixture
async def queue(database: str) -> AsyncIterator[Queue]:
    """An empty queue."""
    async with opened(database) as queue:
        yield queue


@pytest_asyncio.fixture
async def rep(queue: Queue) -> AsyncIterator[httpx.AsyncClient]:
    """Ana's client."""
    digest = sha256(KEY.encode()).hexdigest()
    reps = callers_of({"ana#2": RepSettings(key_sha256=digest, team=TEAM)})
    router = api.router(queue.desk, reps)
    reading = reading_api.router(
        Explaining(queue.pool),
        Timelines(queue.pool, queue.vault),
        Lists(queue.pool, queue.vault, Playbooks()),
        reps,
    )
    people = people_api.router(queue.desk, reps)
    app = application("prioritizer", [router, people, reading], 10_000)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://queue",
        headers={"Authorization": f"Bearer {KEY}"},
    ) as client:
        yield client


@pytest.fixture(scope="session")
def seed() -> Playbook:
    """The seed's playbook, without what it says of the law: a test may run at night."""
    return from_yaml(TEXT, SEED.name)
