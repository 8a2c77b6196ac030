"""While a team is off its leads are paused, so that no step is lost and nothing piles up."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engagement.cadence.decider import Partition
from engagement.playbook import Playbook
from schemas.envelope import derived_id
from schemas.events.lead import EnrolmentPaused
from services.prioritizer.time_off import TimesOff
from services.runtime.roles import Caller
from tests.integration.prioritizer.cadences import apply, entering
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import Queue

HOUR = timedelta(hours=1)
MANAGER = Caller("mia", frozenset({"manager"}), TEAM)
MAIL: dict[str, Any] = {"channel": "email", "kind": "automated", "template": "follow-up"}


async def off(queue: Queue, ends: timedelta = 8 * HOUR, team: str = TEAM) -> UUID:
    caller = MANAGER if team == TEAM else Caller("mo", frozenset({"manager"}), team)
    return (await TimesOff(queue.pool).enter(caller, None, NOW - HOUR, NOW + ends)).id


async def test_every_lead_of_the_team_is_paused_once_until_the_end(queue: Queue) -> None:
    plan_id, time_off = (await queue.lead()), await off(queue)
    await queue.lead(team="other")
    await queue.lead(**MAIL)
    await asyncio.gather(*(queue.poller.look() for _ in range(4)))
    await queue.poller.look()
    (paused,) = [one for one in await queue.told() if isinstance(one.data, EnrolmentPaused)]
    assert (paused.data.lead_id, paused.data.until) == (plan_id.id, NOW + 8 * HOUR)
    (row,) = await queue.rows(
        "select plan_id from prioritizer.leads where lead_id = %s", plan_id.id
    )
    assert paused.envelope.id == derived_id("enrolment-paused", str(time_off), str(row["plan_id"]))


async def test_a_lead_that_enters_meanwhile_is_paused_and_one_that_opens_later_is_not(
    queue: Queue,
) -> None:
    await off(queue)
    await queue.poller.look()
    assert await queue.told() == []
    later: dict[str, Any] = {
        "not_before": NOW + 9 * HOUR,
        "due_at": NOW + 9 * HOUR,
        "lapses_at": NOW + 10 * HOUR,
    }
    await queue.lead(**later)
    entered = await queue.lead()
    await queue.poller.look()
    assert [one.data.lead_id for one in await queue.told()] == [entered.id]


async def test_a_lead_in_hand_is_left_to_its_rep(queue: Queue) -> None:
    await queue.lead()
    await queue.given()
    await off(queue)
    await queue.poller.look()
    assert [one.data.type for one in await queue.told()] == ["lead-claimed"]


async def test_touches_of_many_days_do_not_come_on_one(queue: Queue) -> None:
    """Each as long after the time off as after its beginning; promises at once."""
    await off(queue, timedelta(days=7))
    days = {}
    for day in range(5):
        opens = NOW + timedelta(days=day)
        times: dict[str, Any] = {
            "not_before": opens,
            "due_at": opens + HOUR,
            "lapses_at": opens + 8 * HOUR,
        }
        days[(await queue.lead(attempts=1, **times)).id] = timedelta(days=day) + HOUR
    days[(await queue.lead(attempts=1, attempt=2, again="callback", **times)).id] = timedelta()
    await queue.poller.look()
    paused = {one.data.lead_id: one.data.until for one in await queue.told()}
    assert paused == {lead: NOW + timedelta(days=7) + after for lead, after in days.items()}


@pytest.mark.parametrize(("begins", "ends"), [(-3, -2), (1, 2)])
async def test_only_a_time_off_that_holds_pauses(queue: Queue, begins: int, ends: int) -> None:
    await queue.lead()
    await TimesOff(queue.pool).enter(MANAGER, None, NOW + begins * HOUR, NOW + ends * HOUR)
    await TimesOff(queue.pool).enter(MANAGER, "ana", NOW - HOUR, NOW + HOUR)
    await queue.poller.look()
    assert await queue.told() == []


async def test_a_weeks_shutdown_burns_no_step(queue: Queue, seed: Playbook) -> None:
    """The cadence's own answer to what the queue told: the first touch, after the time off."""
    partition = Partition()
    lead = await queue.stranger()
    await queue.fold(*entering(partition, lead, seed))
    await off(queue, timedelta(days=7))
    await queue.poller.look()
    for fact in await queue.told():
        await queue.fold(*apply(partition, fact))
    await queue.poller.look()
    assert [one.data.type for one in await queue.told()] == ["enrolment-paused"]
    (row,) = await queue.rows("select plan ->> 'step' as step, not_before from prioritizer.leads")
    assert row["step"] == "1"
    assert row["not_before"] >= NOW + timedelta(days=7)
