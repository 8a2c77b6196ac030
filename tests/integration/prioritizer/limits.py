"""Limits that a playbook sets a team, and reps who work under them."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from schemas.envelope import Envelope, Event
from schemas.events.playbook import PlaybookPublished
from services.prioritizer.callers import Rep
from services.prioritizer.lists.listed import Listed, Wanted
from services.prioritizer.lists.listing import Lists
from services.prioritizer.table.history import History
from services.prioritizer.table.playbooks import Playbooks
from services.runtime.access.roles import Caller
from tests.integration.arrived import arrived
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import ANA, Queue

HOUR = timedelta(hours=1)
OWN: dict[str, Any] = {"for_rep": "ana", "due_at": NOW + HOUR, "lapses_at": NOW + 9 * HOUR}


async def limited(queue: Queue, at: timedelta = timedelta(), **limits: int) -> None:
    """Publish a playbook with these limits for the team."""
    content = json.dumps({"teams": [{"name": TEAM, **limits}, {"name": "other"}]})
    fact = PlaybookPublished(
        occurred_at=NOW, recorded_at=NOW + at, playbook="p", digest=content[-64:], content=content
    )
    event = Event(Envelope(uuid4(), "/touchline/ingest"), fact)
    async with queue.pool.connection() as conn:
        await History().apply(conn, arrived(event, event))


async def work(queue: Queue, rep: Rep = ANA) -> UUID | None:
    """The rep works the next lead; whom."""
    given = await queue.serving.next(rep)
    if given is not None:
        await queue.dispose(given)
    return given.claim.lead_id if given else None


async def listed(queue: Queue, rep: Rep = ANA) -> tuple[Listed, ...]:
    """The ready leads as the rep is shown them."""
    caller = Caller(rep.rep_id, frozenset({"rep"}), rep.team)
    lists = Lists(queue.pool, queue.vault, Playbooks())
    return (await lists.page(caller, Wanted(), None, 10)).leads
