"""Outside the working hours of its team nobody is given a lead, and is told when work begins."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from engagement.playbook.team import WorkingHours
from schemas.envelope import Envelope, Event
from schemas.events.playbook import PlaybookPublished
from services.prioritizer.table.history import History
from services.runtime.doors.problem import Problem
from tests.integration.arrived import arrived
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import Queue

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD = 12 - NOW.hour
"""Where it is noon: no test runs over the end of a day."""

ZONE = f"Etc/GMT{-AHEAD:+d}"
TODAY = DAYS[(NOW + timedelta(hours=AHEAD)).weekday()]
REST = [day for day in DAYS if day != TODAY]


def shift(days: list[str], hours: str = "09:00-17:00") -> WorkingHours:
    """Work on these days, by a clock that shows about noon now."""
    return WorkingHours.model_validate({"time_zone": ZONE, "days": days, "hours": hours})


async def working(queue: Queue, days: list[str], hours: str = "09:00-17:00") -> WorkingHours:
    """Publish a playbook by which the team works at these times."""
    works = shift(days, hours)
    team = {"name": TEAM, "hours": works.model_dump(mode="json")}
    content = json.dumps({"teams": [team, {"name": "other"}]})
    fact = PlaybookPublished(
        occurred_at=NOW, recorded_at=NOW, playbook="p", digest=content[-64:], content=content
    )
    async with queue.pool.connection() as conn:
        await History().apply(conn, arrived(Event(Envelope(uuid4(), "/test"), fact)))
    return works


@pytest.mark.parametrize(
    ("days", "hours"),
    [(REST, "09:00-17:00"), ([TODAY], "07:00-10:00"), ([TODAY], "15:00-17:00")],
)
async def test_outside_them_nobody_is_given_a_lead(
    queue: Queue, days: list[str], hours: str
) -> None:
    await queue.lead()
    begins = (await working(queue, days, hours)).begins_after(NOW)
    with pytest.raises(Problem) as refused:
        await queue.next()
    assert (refused.value.status_code, refused.value.type) == (409, "outside-hours")
    assert begins.isoformat() in (refused.value.detail or "")


async def test_in_them_leads_are_given(queue: Queue) -> None:
    lead = await queue.lead()
    await working(queue, [TODAY])
    assert await queue.next() == lead.id


async def test_a_lead_in_hand_stays_in_hand(queue: Queue) -> None:
    lead = await queue.lead()
    assert await queue.next() == lead.id
    await working(queue, REST)
    assert await queue.next() == lead.id
