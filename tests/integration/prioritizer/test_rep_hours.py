"""A rep's own hours stand for the team's: outside them the team makes the rep's touches."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from engagement.calendar.weekdays import WEEKDAYS
from engagement.playbook.team import WorkingHours
from services.prioritizer.callers import Rep
from services.prioritizer.lists.listed import Wanted
from services.prioritizer.lists.listing import Lists
from services.prioritizer.people.rep_hours import HoursOfReps
from services.prioritizer.people.time_off import TimesOff
from services.prioritizer.table.playbooks import Playbooks
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import ANA, BEN, Queue
from tests.integration.prioritizer.test_team_hours import REST, TODAY, shift, working

HOUR = timedelta(hours=1)
SELF = Caller("ana", frozenset({"rep"}), TEAM)
MANAGER = Caller("mia", frozenset({"manager"}), TEAM)
MINE: dict[str, Any] = {"for_rep": "ana", "due_at": NOW + HOUR, "lapses_at": NOW + 9 * HOUR}
PROMISED = MINE | {"again": "callback", "attempt": 2}
NEVER_NOW = shift(REST)


async def closed(queue: Queue, rep_id: str = "ana") -> None:
    """The rep does not work on this day."""
    await HoursOfReps(queue.pool).set(MANAGER, rep_id, NEVER_NOW)


@pytest.mark.parametrize(
    ("days", "hours"),
    [(REST, "09:00-17:00"), ([TODAY], "07:00-10:00"), ([TODAY], "15:00-17:00")],
)
async def test_outside_them_the_rep_is_given_nobody_and_told_when_work_begins(
    queue: Queue, days: list[str], hours: str
) -> None:
    lead, own = await queue.lead(), shift(days, hours)
    await HoursOfReps(queue.pool).set(SELF, "ana", own)
    with pytest.raises(Problem) as refused:
        await queue.next(ANA)
    assert (refused.value.status_code, refused.value.type) == (409, "outside-hours")
    told = f"You work again from {own.begins_after(NOW).isoformat()}"
    assert told in (refused.value.detail or "")
    assert await queue.presence.of(ANA) is None
    assert await queue.next(BEN) == lead.id


async def test_they_stand_for_the_teams_until_they_are_taken_out(queue: Queue) -> None:
    lead, hours = await queue.lead(), HoursOfReps(queue.pool)
    await working(queue, REST)
    await hours.set(MANAGER, "ana", shift([TODAY]))
    with pytest.raises(Problem):
        await queue.next(BEN)
    given = await queue.given(ANA)
    assert given.claim.lead_id == lead.id
    await queue.dispose(given)
    await hours.remove(MANAGER, "ana")
    with pytest.raises(Problem):
        await queue.next(ANA)


async def test_they_are_those_of_one_team(queue: Queue) -> None:
    await closed(queue)
    lead = await queue.lead(team="west")
    assert await queue.next(Rep("ana", "west")) == lead.id


async def test_a_lead_in_hand_is_worked_to_its_end(queue: Queue) -> None:
    lead = await queue.lead(**MINE)
    given = await queue.given(ANA)
    await closed(queue)
    assert await queue.next(ANA) == lead.id
    assert await queue.next(BEN) is None
    await queue.dispose(given)
    with pytest.raises(Problem):
        await queue.next(ANA)


@pytest.mark.parametrize("plan", [MINE, PROMISED], ids=["own", "promised"])
async def test_own_touches_are_the_teams_at_their_time_and_not_before(
    queue: Queue, plan: dict[str, Any]
) -> None:
    later = {"not_before": NOW + HOUR, "due_at": NOW + 2 * HOUR}
    lead = await queue.lead(**plan | later)
    await closed(queue)
    assert await queue.next(BEN) is None
    await queue.execute("update prioritizer.leads set not_before = now()")
    given = await queue.given(BEN)
    assert (given.claim.lead_id, given.claim.why.kept_for) == (lead.id, "absent")


@pytest.mark.parametrize("plan", [MINE, PROMISED], ids=["own", "promised"])
async def test_in_them_own_touches_are_the_reps(queue: Queue, plan: dict[str, Any]) -> None:
    lead = await queue.lead(**plan)
    await HoursOfReps(queue.pool).set(SELF, "ana", shift([TODAY]))
    assert await queue.next(BEN) is None
    assert await queue.next(ANA) == lead.id


async def test_time_off_within_them_holds(queue: Queue) -> None:
    await queue.lead()
    await HoursOfReps(queue.pool).set(SELF, "ana", shift([TODAY]))
    await TimesOff(queue.pool).enter(SELF, "ana", NOW - HOUR, NOW + HOUR)
    with pytest.raises(Problem) as refused:
        await queue.next(ANA)
    assert refused.value.type == "time-off"


async def test_lists_show_own_touches_as_ready_for_everybody(queue: Queue) -> None:
    await queue.lead(**PROMISED)
    lists, rules = Lists(queue.pool, queue.vault, Playbooks()), []
    for close in (False, True):
        if close:
            await closed(queue)
        page = await lists.page(MANAGER, Wanted(), None, 10)
        rules.append(page.leads[0].rule)
    assert rules == ["kept-for-rep", None]


async def test_the_team_sees_them_beside_presence(queue: Queue) -> None:
    for rep in (ANA, BEN):
        await queue.presence.say(rep, "clocked-in")
    await closed(queue)
    told = {one.rep_id: one.hours for one in await queue.presence.team(TEAM)}
    assert told == {"ana": NEVER_NOW, "ben": None}
    assert (await queue.presence.say(ANA, "paused")).hours == NEVER_NOW


async def test_reps_change_their_own_and_managers_anybodys(queue: Queue) -> None:
    hours = HoursOfReps(queue.pool)
    for change in (hours.set(SELF, "ben", NEVER_NOW), hours.remove(SELF, "ben")):
        with pytest.raises(Problem) as refused:
            await change
        assert (refused.value.status_code, refused.value.type) == (403, "not-your-hours")
    await hours.set(SELF, "ana", NEVER_NOW)
    await hours.set(MANAGER, "ben", shift([TODAY]))
    assert [one.rep_id for one in await hours.all(SELF)] == ["ana", "ben"]
    stranger = Caller("eve", frozenset({"manager"}), "west")
    assert await hours.all(stranger) == ()
    with pytest.raises(Problem) as refused:
        await hours.remove(stranger, "ana")
    assert (refused.value.status_code, refused.value.type) == (404, "no-own-hours")
    assert (await hours.remove(MANAGER, "ana")).hours == NEVER_NOW


async def test_each_change_is_one_fact_and_what_is_said_again_none(queue: Queue) -> None:
    hours = HoursOfReps(queue.pool)
    for own in (NEVER_NOW, NEVER_NOW, shift([TODAY]), NEVER_NOW):
        await hours.set(MANAGER, "ana", own)
    await hours.remove(SELF, "ana")
    told = await queue.told_of_people()
    assert [one.data.type for one in told] == ["rep-hours-set"] * 3 + ["rep-hours-removed"]
    assert len({one.envelope.id for one in told}) == 4
    first, last = told[0].data, told[-1].data
    assert first.model_dump(include={"time_zone", "days", "hours"}) == NEVER_NOW.model_dump()
    assert (first.team, first.rep_id, first.told_by, last.told_by) == (TEAM, "ana", "mia", "ana")


async def test_a_zone_that_the_database_does_not_know_closes_nobodys_queue(queue: Queue) -> None:
    lead = await queue.lead()
    strange = NEVER_NOW.model_copy(update={"time_zone": "Europe/Newtown"})
    with pytest.raises(Problem) as refused:
        await HoursOfReps(queue.pool).set(SELF, "ana", strange)
    assert (refused.value.status_code, refused.value.type) == (422, "zone-not-known")
    assert await queue.told_of_people() == []
    assert await queue.next(ANA) == lead.id


async def test_the_database_and_the_rule_agree_on_every_moment(queue: Queue) -> None:
    """Over some years, whatever the clocks do, at the edges of hours, too."""
    chance, asked = random.Random(5), []
    for _ in range(2_000):
        opens = chance.randrange(0, 22)
        shift = WorkingHours.model_validate(
            {
                "time_zone": chance.choice(ZONES),
                "days": chance.sample(WEEKDAYS, chance.randrange(1, 8)),
                "hours": f"{opens:02}:{chance.choice(('00', '30'))}-{opens + 2:02}:00",
            }
        )
        quarters = chance.randrange(0, 3 * 365 * 96)
        asked.append((shift, datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=15) * quarters))
    (row,) = await queue.rows(
        "select array_agg(prioritizer.works(shift, at) order by n) as works"
        " from unnest(%s::jsonb[], %s::timestamptz[]) with ordinality as told (shift, at, n)",
        [Jsonb(shift.model_dump(mode="json")) for shift, _ in asked],
        [at for _, at in asked],
    )
    assert row["works"] == [shift.hold(at) for shift, at in asked]
    assert {True, False} == set(row["works"])


ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Etc/UTC")
