"""While a team is off its leads are paused, so that no step is lost and nothing piles up."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from engagement.cadence.decider import Partition
from engagement.playbook import Playbook
from schemas.envelope import derived_id
from schemas.events.lead import EnrolmentPaused, EnrolmentResumed
from services.prioritizer.people.time_off import TimesOff
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
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


def opening(days: int) -> dict[str, Any]:
    """A touch that opens so many days from now, or opened before, and lapses in many."""
    opens = NOW + timedelta(days=days)
    return {"not_before": opens, "due_at": opens + HOUR, "lapses_at": NOW + timedelta(days=20)}


async def resumed(queue: Queue) -> dict[UUID, datetime | None]:
    told = [one.data for one in await queue.told() if isinstance(one.data, EnrolmentResumed)]
    return {one.lead_id: one.goes_on_at for one in told}


async def test_an_early_end_lets_each_lead_go_on_when_it_would_have_by_that_end(
    queue: Queue,
) -> None:
    """What opened since it began lies as far apart as before; what is to come stays there."""
    day = timedelta(days=1)
    began = NOW - 3 * day
    time_off = await TimesOff(queue.pool).enter(MANAGER, None, began, NOW + 7 * day)
    due = {days: (await queue.lead(attempts=1, **opening(days))).id for days in (-4, -2, -1, 2)}
    new = (await queue.lead(**opening(-1))).id
    promise: dict[str, Any] = {"attempts": 1, "attempt": 2, "again": "callback"}
    promised = {days: (await queue.lead(**promise, **opening(days))).id for days in (-2, 2)}
    await queue.poller.look()
    await TimesOff(queue.pool).end(MANAGER, time_off.id)
    for _ in range(2):
        await queue.poller.look()
    *_, removed = await queue.told_of_people()
    ended = removed.data.occurred_at
    assert await resumed(queue) == {
        due[-4]: ended,
        due[-2]: ended + day,
        due[-1]: ended + 2 * day,
        due[2]: NOW + 2 * day,
        new: ended,
        promised[-2]: ended,
        promised[2]: NOW + 2 * day,
    }


async def test_an_end_at_its_time_or_before_its_beginning_lets_nobody_go_on(
    queue: Queue,
) -> None:
    await queue.lead(**opening(1))
    time_off = await off(queue, timedelta(days=2))
    coming = await TimesOff(queue.pool).enter(MANAGER, None, NOW + 9 * HOUR, NOW + 10 * HOUR)
    await queue.poller.look()
    assert [one.data.type for one in await queue.told()] == ["enrolment-paused"]
    assert await TimesOff(queue.pool).end(MANAGER, coming.id) == coming
    await queue.execute("update prioritizer.time_off set ends_at = now()")
    await queue.poller.look()
    with pytest.raises(Problem) as over:
        await TimesOff(queue.pool).end(MANAGER, time_off)
    assert over.value.type == "unknown-time-off"
    assert [one.data.type for one in await queue.told()] == ["enrolment-paused"]


async def test_it_ends_early_once_and_is_told_with_the_end_that_was_meant(queue: Queue) -> None:
    time_off = await off(queue)
    entered = (await TimesOff(queue.pool).coming(MANAGER))[0]
    assert await TimesOff(queue.pool).end(MANAGER, time_off) == entered
    with pytest.raises(Problem):
        await TimesOff(queue.pool).end(MANAGER, time_off)
    assert await TimesOff(queue.pool).coming(MANAGER) == ()
    *_, removed = await queue.told_of_people()
    assert (removed.data.type, removed.data.ends_at) == ("time-off-removed", entered.ends_at)


async def test_many_leads_go_on_in_turns_and_each_once(queue: Queue) -> None:
    leads = {(await queue.lead()).id for _ in range(9)}
    time_off = await off(queue)
    await queue.poller.look()
    await TimesOff(queue.pool).end(MANAGER, time_off)
    await asyncio.gather(*(queue.poller.look() for _ in range(4)))
    await queue.poller.look()
    told = [one for one in await queue.told() if isinstance(one.data, EnrolmentResumed)]
    assert sorted(one.data.lead_id for one in told) == sorted(leads)
    assert len({one.envelope.id for one in told}) == 9


async def test_a_team_that_is_back_early_is_given_its_leads_again(
    queue: Queue, seed: Playbook
) -> None:
    """The cadence's own answers: the first touch waits, and comes back when the team does."""
    partition, lead = Partition(), await queue.stranger()
    await queue.fold(*entering(partition, lead, seed))
    time_off, heard = await off(queue, timedelta(days=7)), 0
    for _ in range(2):
        await queue.poller.look()
        told = await queue.told()
        for fact in told[heard:]:
            await queue.fold(*apply(partition, fact))
        heard = len(told)
        if heard == 1:
            (row,) = await queue.rows("select not_before from prioritizer.leads")
            assert row["not_before"] >= NOW + timedelta(days=7)
            await TimesOff(queue.pool).end(MANAGER, time_off)
    assert [one.data.type for one in told] == ["enrolment-paused", "enrolment-resumed"]
    (row,) = await queue.rows("select not_before from prioritizer.leads")
    assert NOW < row["not_before"] < NOW + timedelta(days=4)
