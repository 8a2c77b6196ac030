"""The console over a queue of a test's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

import httpx
from starlette.types import ASGIApp

from services.prioritizer.callers import Callers
from services.prioritizer.changes import Changes
from services.prioritizer.console.router import router
from services.prioritizer.console.session import Sessions
from services.prioritizer.listing import Lists
from services.prioritizer.settings import RepSettings, StaffSettings
from services.prioritizer.timeline import Timelines
from services.runtime.http import application
from tests.integration.prioritizer.decisions import TEAM
from tests.integration.prioritizer.queue import KEK, Queue

KEY, CHIEF = "the key of ana", "the key of mia"
BASE = "http://127.0.0.1"


def app(queue: Queue, key: str = KEY, changes: Changes | None = None) -> ASGIApp:
    """The console's door, where Ana is a rep and Mia the team's manager."""
    callers = Callers(
        {"ana": RepSettings(key_sha256=sha256(key.encode()).hexdigest(), team=TEAM)},
        {
            "mia": StaffSettings(
                key_sha256=sha256(CHIEF.encode()).hexdigest(), role="manager", team=TEAM
            )
        },
    )
    timelines = Timelines(queue.pool, queue.vault)
    lists = Lists(queue.pool, queue.vault, queue.serving.playbooks)
    sessions = Sessions.of(callers, KEK)
    heard = changes or Changes("")
    pages = router(queue.desk, timelines, lists, heard, sessions)
    return application("prioritizer", [pages], 10_000)


@asynccontextmanager
async def browser_of(door: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """A client that sends what a browser sends with a form of our own page."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(door),
        base_url=BASE,
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=True,
    ) as client:
        yield client
