"""Where a lead stands now, told to its own team: served next, after others, or kept back."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.prioritizer.reading.standing import LeadExplained, Standings
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead
from tests.integration.prioritizer.queue import ANA, BEN, Queue

HOUR = timedelta(hours=1)
REP = Caller("ana", frozenset({"rep"}), TEAM)
OTHER = Caller("ben", frozenset({"rep"}), TEAM)
MANAGER = Caller("mia", frozenset({"manager"}), TEAM)
ANALYST = Caller("alan", frozenset({"analyst"}), None)


async def stands(queue: Queue, lead: Lead, caller: Caller = REP) -> LeadExplained:
    return await Standings(queue.pool).of(caller, lead.id)


async def test_the_first_is_served_next_and_the_others_after_it(queue: Queue) -> None:
    later = await queue.lead(attempts=1)
    first = await queue.lead()
    told = [await stands(queue, first), await stands(queue, later)]
    assert [(one.next, one.before, one.rule) for one in told] == [
        (True, 0, None),
        (False, 1, None),
    ]
    assert told[0].words.endswith("; served next")
    assert told[1].words.endswith("; after 1 other")
    assert told[1].terms[0].value == "4 due"
    assert await queue.next() == first.id


@pytest.mark.parametrize(
    ("plan", "rule"),
    [
        ({}, "window-not-open"),
        ({"again": "callback", "attempt": 2}, "callback-not-due"),
        ({"again": "retry", "attempt": 2}, "wait-after-result"),
        ({"moved_from": NOW}, "pause-or-cap"),
    ],
)
async def test_a_lead_that_waits_tells_its_rule_and_the_moment(
    queue: Queue, plan: dict[str, Any], rule: str
) -> None:
    opens = NOW + HOUR
    lead = await queue.lead(not_before=opens, due_at=opens, lapses_at=opens + HOUR, **plan)
    told = await stands(queue, lead)
    assert (told.rule, told.returns_at, told.next, told.before) == (rule, opens, False, None)
    assert told.words.endswith(f", until {opens.isoformat()}")


async def test_a_lead_in_hand_tells_whose(queue: Queue) -> None:
    lead = await queue.lead()
    given = await queue.given(BEN)
    told = await stands(queue, lead)
    assert (told.rule, told.held_by) == ("held", "ben")
    assert told.returns_at == given.claim.leased_until


async def test_a_lead_given_back_is_kept_from_that_rep_alone(queue: Queue) -> None:
    lead = await queue.lead()
    claim = (await queue.given(ANA)).claim
    await queue.holding.release("ana", claim.claim_id, claim.fence, "no time")
    rules = [(await stands(queue, lead, who)).rule for who in (REP, OTHER, MANAGER)]
    assert rules == ["given-back", None, None]


async def test_a_touch_kept_for_a_rep_is_next_for_that_rep(queue: Queue) -> None:
    lead = await queue.lead(for_rep="ben", due_at=NOW)
    assert (await stands(queue, lead)).rule == "kept-for-rep"
    assert (await stands(queue, lead, OTHER)).next


async def test_a_touch_of_a_rep_who_is_off_is_everybodys(queue: Queue) -> None:
    lead = await queue.lead(for_rep="ben", due_at=NOW)
    await queue.execute(
        "insert into prioritizer.time_off (team, rep_id, begins_at, ends_at, recorded_by)"
        " values (%s, 'ben', now(), now() + interval '1 day', 'mia')",
        TEAM,
    )
    assert (await stands(queue, lead)).next
    assert await queue.next(ANA) == lead.id


async def test_a_lead_with_nothing_to_do_says_so(queue: Queue) -> None:
    ended, done, lapsed, erased, automated = [await queue.lead() for _ in range(5)]
    await queue.fold(ended.ended(), automated.planned(kind="automated"))
    await queue.execute("delete from vault.keys where subject = %s", erased.id)
    await queue.execute(
        "update prioritizer.leads set answered_plan_id = plan_id where lead_id = %s", done.id
    )
    await queue.execute(
        "update prioritizer.leads set lapses_at = now() where lead_id = %s", lapsed.id
    )
    rules = [(await stands(queue, one)).rule for one in (ended, done, lapsed, erased, automated)]
    expected = ["nothing-planned", "nothing-planned", "lapsed", "erased", "for-tools"]
    assert rules == expected


async def test_another_teams_lead_is_unknown_and_an_analyst_sees_all(queue: Queue) -> None:
    lead = await queue.lead(team="enterprise")
    with pytest.raises(Problem) as refused:
        await stands(queue, lead)
    assert (refused.value.status_code, refused.value.type) == (404, "unknown-lead")
    assert (await stands(queue, lead, ANALYST)).next
    with pytest.raises(Problem):
        await Standings(queue.pool).of(ANALYST, uuid4())
