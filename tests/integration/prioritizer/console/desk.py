"""The console over a queue of a test's own."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

import httpx
import orjson
from playwright.async_api import Page, expect
from starlette.types import ASGIApp

from engagement.playbook import Playbook
from services.prioritizer.callers import callers_of
from services.prioritizer.changes import Changes
from services.prioritizer.console.router import router
from services.prioritizer.console.session import Sessions
from services.prioritizer.lists.listing import Lists
from services.prioritizer.reading.timeline import Timelines
from services.prioritizer.settings import RepSettings, StaffSettings
from services.runtime.access.oidc import Oidc
from services.runtime.doors.http import application
from services.runtime.vault import seal
from tests.integration.prioritizer.decisions import TEAM, Lead
from tests.integration.prioritizer.queue import KEK, PERSON, Queue

KEY, CHIEF, ANALYST = "the key of ana", "the key of mia", "the key of alan"
BASE = "http://127.0.0.1"
SCRIPT = "Hello {first_name}, how do you do this at {company} today?"
LATER = {"code": "LATER", "label": "Call later", "action": "schedule-callback", "hours": 24}
ADA = PERSON | {"phone": "+4930901820", "company": "Engines"}


def app(
    queue: Queue, key: str = KEY, changes: Changes | None = None, oidc: Oidc | None = None
) -> ASGIApp:
    """The console's door, where Ana is a rep, Mia the team's manager, and Alan an analyst."""
    callers = callers_of(
        {"ana": RepSettings(key_sha256=_hash(key), team=TEAM)},
        {
            "mia": StaffSettings(key_sha256=_hash(CHIEF), role="manager", team=TEAM),
            "alan": StaffSettings(key_sha256=_hash(ANALYST), role="analyst"),
        },
        oidc,
    )
    timelines = Timelines(queue.pool, queue.vault)
    lists = Lists(queue.pool, queue.vault, queue.serving.playbooks)
    sessions = Sessions.of(callers, KEK)
    heard = changes or Changes("")
    pages = router(queue.desk, timelines, lists, heard, sessions)
    return application("prioritizer", [pages], 10_000)


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()


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


def hidden(page: str, form: str) -> dict[str, str]:
    """The hidden fields of a form, as a browser would send them."""
    inside = page.split(f'action="{form}"')[1].split("</form>", maxsplit=1)[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside))


async def taught(queue: Queue, seed: Playbook, **changes: object) -> None:
    """Let the queue know a playbook with a script, a callback, and picking."""
    known = seed.model_dump()
    (cadence,) = known["cadences"]
    steps = [step | {"script": SCRIPT} for step in cadence["steps"]]
    changes |= {
        "cadences": [cadence | {"name": "nine-touches", "steps": steps}],
        "entry": [{"cadence": "nine-touches"}],
        "results": [*known["results"], LATER],
        "picking": True,
    }
    await queue.teach(seed, **changes)


async def caller(queue: Queue, **plan: Any) -> Lead:
    """A lead with a phone and a company, whose touch may end with a callback."""
    lead = await queue.lead(result_codes=("NOANSWER", "LATER", "QUALIFIED"), **plan)
    async with queue.pool.connection() as conn:
        key = (await queue.vault.keys(conn, [lead.id]))[lead.id]
    sealed = seal(key, lead.id, orjson.dumps(ADA))
    await queue.execute(
        "update prioritizer.leads set sealed = %s where lead_id = %s", sealed, lead.id
    )
    return lead


async def listening(page: Page) -> None:
    """Return once the page's script has run, of which a button of its own tells."""
    await expect(page.get_by_role("button", name="Shortcut keys")).to_be_visible()


async def press(page: Page, key: str) -> None:
    """Press a key once somebody listens."""
    await listening(page)
    await page.keyboard.press(key)
