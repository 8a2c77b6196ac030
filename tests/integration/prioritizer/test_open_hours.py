"""A touch that is closed at lunch, at night or by law: served in its hours, and never between."""

from datetime import datetime, timedelta
from typing import Any

from schemas.events.plan import OpenHours
from services.prioritizer.reading.standing import LeadExplained, Standings
from services.runtime.access.roles import Caller
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead
from tests.integration.prioritizer.queue import Queue

HOUR = timedelta(hours=1)
MAIL: dict[str, Any] = {"channel": "email", "kind": "automated", "template": "follow-up"}
ANA = Caller("ana", frozenset({"rep"}), TEAM)


async def test_a_touch_is_served_in_its_first_hours(queue: Queue) -> None:
    lead = await queue.lead(**hours((-1, 1), (2, 4)))
    await queue.poller.look()
    assert await queue.next() == lead.id


async def test_no_rep_is_given_it_at_lunch_whether_or_not_somebody_looked(queue: Queue) -> None:
    lead = await queue.lead(**hours((-3, -1), (1, 3)))
    assert await queue.next() is None
    await queue.poller.look()
    assert await queue.next() is None
    assert await queue.told() == []
    told = await explained(queue, lead)
    assert (told.rule, told.returns_at) == ("window-not-open", NOW + HOUR)


async def test_before_anybody_looked_it_is_closed_and_has_not_lapsed(queue: Queue) -> None:
    lead = await queue.lead(**hours((-3, -1), (1, 3)))
    told = await explained(queue, lead)
    assert (told.rule, told.returns_at) == ("window-not-open", NOW + HOUR)


async def test_it_is_served_again_after_lunch(queue: Queue) -> None:
    lead = await queue.lead(**hours((-5, -4), (-3, -2), (-1, 1)), for_rep="ana")
    await queue.poller.look()
    assert await queue.next() == lead.id


async def test_it_lapses_once_when_its_last_hours_are_over(queue: Queue) -> None:
    await queue.lead(**hours((-5, -4), (-3, -2)))
    await queue.lead(**hours((-5, -4), (1, 2)))
    await queue.poller.look()
    await queue.poller.look()
    assert [fact.data.type for fact in await queue.told()] == ["touch-lapsed"]


async def test_tools_are_asked_in_its_hours_alone(queue: Queue) -> None:
    await queue.lead(**MAIL, **hours((-3, -1), (1, 3)))
    await queue.poller.look()
    await queue.poller.look()
    assert await queue.told() == []
    await queue.execute("update prioritizer.automated set open_hours = '{[2020-01-01,infinity)}'")
    await queue.execute("update prioritizer.automated set lapses_at = now()")
    await queue.poller.look()
    await queue.poller.look()
    assert [fact.data.type for fact in await queue.told()] == ["touch-requested"]


async def test_a_touch_that_tools_were_asked_for_does_not_lapse_at_lunch(queue: Queue) -> None:
    await queue.lead(**MAIL, **hours((-1, 1), (2, 3)))
    await queue.poller.look()
    await queue.execute("update prioritizer.automated set lapses_at = now()")
    await queue.poller.look()
    assert [fact.data.type for fact in await queue.told()] == ["touch-requested"]


async def explained(queue: Queue, lead: Lead) -> LeadExplained:
    return await Standings(queue.pool).of(ANA, lead.id)


def hours(*spans: tuple[int, int]) -> dict[str, Any]:
    """A plan with these open hours, in hours from now."""

    def at(hour: int) -> datetime:
        return NOW + hour * HOUR

    told = tuple(OpenHours(opens_at=at(opens), closes_at=at(closes)) for opens, closes in spans)
    first, last = told[0].opens_at, told[-1].closes_at
    return {"not_before": first, "due_at": last, "lapses_at": last, "open_hours": told}
