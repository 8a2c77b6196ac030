"""Why a lead came first: recorded with the claim, told to the log, and readable later."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from engagement.playbook.queue import DEFAULT
from engagement.priority import Known, rank
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned
from services.prioritizer.claims.explaining import Explained, Explaining
from services.prioritizer.claims.in_hand import Given
from services.prioritizer.serving.kept_back_sql import MOST_TOLD
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead
from tests.integration.prioritizer.queue import ANA, BEN, Queue

HOUR = timedelta(hours=1)


REP = Caller("ben", frozenset({"rep"}), TEAM)


async def explained(queue: Queue, given: Given, caller: Caller = REP) -> Explained:
    return await Explaining(queue.pool).claim(caller, given.claim.claim_id)


async def test_the_runners_up_are_the_next_in_the_order_that_plans_alone_give(
    queue: Queue,
) -> None:
    plans = []

    def order(plan: TouchPlanned) -> tuple[int, int, UUID]:
        known = Known(Features(source="web-form"), NOW, plan.not_before)
        place = rank(DEFAULT, known, plan).at(datetime.now(UTC))
        return place.tier_order, place.order_key, plan.lead_id

    for n in range(7):
        lead = await queue.stranger()
        planned = lead.planned(
            attempts=n % 3,
            due_at=NOW - timedelta(minutes=10 * n),
            recorded_at=NOW - timedelta(minutes=7 * n),
            again="retry" if n == 4 else None,
        )
        await queue.fold(lead.entered(), planned)
        plans.append(planned.data)
    plans.sort(key=order)
    given = await queue.given()
    told = [given.claim.lead_id, *(one.lead_id for one in given.claim.why.runners_up)]
    assert told == [plan.lead_id for plan in plans[: MOST_TOLD + 1]]


async def test_each_runner_up_is_told_by_which_term_it_lost(queue: Queue) -> None:
    best = await queue.lead(attempts=1, due_at=NOW - 2 * HOUR)
    later = await queue.lead(attempts=1, due_at=NOW - HOUR)
    last = await queue.lead(again="end-of-queue", attempts=2)
    why = await explained(queue, await queue.given())
    assert why.lead_id == best.id
    assert [(one.lead_id, one.lost_by) for one in why.runners_up] == [
        (later.id, "order"),
        (last.id, "tier"),
    ]
    assert why.runners_up[1].words == "tier 5 end-of-queue comes after 4 due"
    assert [term.term for term in why.terms] == [
        "tier",
        "order",
        "not_before",
        "lapses_at",
        "lead_id",
    ]
    assert why.terms[1].value == (NOW - 2 * HOUR).isoformat()


async def test_equal_places_are_told_apart_by_what_comes_next(queue: Queue) -> None:
    at: dict[str, Any] = {"attempts": 1, "due_at": NOW}
    first = await queue.lead(**at, lapses_at=NOW + HOUR)
    second = await queue.lead(**at, lapses_at=NOW + 2 * HOUR)
    why = await explained(queue, await queue.given())
    assert why.lead_id == first.id
    assert [(one.lead_id, one.lost_by) for one in why.runners_up] == [(second.id, "lapses_at")]


async def test_leads_kept_back_are_counted_by_rule_with_the_moment_of_return(
    queue: Queue,
) -> None:
    back, returns = await queue.lead(attempts=1), NOW + HOUR
    given = await queue.given()
    await queue.holding.release("ana", given.claim.claim_id, given.claim.fence, "no time")
    later: dict[str, Any] = {"not_before": returns, "lapses_at": returns + HOUR}
    await queue.lead(**later)
    await queue.lead(not_before=returns + HOUR, lapses_at=returns + 2 * HOUR)
    await queue.lead(**later, again="callback")
    await queue.lead(**later, again="retry")
    await queue.lead(**later, moved_from=NOW)
    await queue.lead(**later, team="enterprise")
    await queue.lead(again="callback", for_rep="eva", due_at=NOW, lapses_at=NOW + 9 * HOUR)
    held = await queue.given(BEN)
    assert held.claim.lead_id == back.id
    await queue.lead()
    why = await explained(queue, await queue.given())
    assert {one.rule: (one.leads, one.returns_at) for one in why.blocked} == {
        "window-not-open": (2, returns),
        "callback-not-due": (1, returns),
        "wait-after-result": (1, returns),
        "pause-or-cap": (1, returns),
        "kept-for-rep": (1, NOW + HOUR),
        "held": (1, held.claim.leased_until),
    }


async def test_a_touch_that_the_rep_gave_back_is_told_with_no_return(queue: Queue) -> None:
    await queue.lead(attempts=1)
    given = await queue.given()
    await queue.holding.release("ana", given.claim.claim_id, given.claim.fence, "no time")
    await queue.lead()
    (blocked,) = (await explained(queue, await queue.given())).blocked
    assert (blocked.rule, blocked.leads, blocked.returns_at) == ("given-back", 1, None)
    assert blocked.words == "1: this rep gave the touch back"


async def test_leads_kept_back_are_counted_up_to_25(queue: Queue) -> None:
    waiting = [Lead() for _ in range(27)]
    plans = [lead.planned(not_before=NOW + HOUR) for lead in waiting]
    await queue.fold(*(lead.entered() for lead in waiting), *plans)
    await queue.lead()
    (blocked,) = (await explained(queue, await queue.given())).blocked
    assert (blocked.leads, blocked.words[:11]) == (25, "25 or more:")


async def test_the_playbook_that_planned_the_touch_is_named(queue: Queue) -> None:
    await queue.lead()
    assert (await explained(queue, await queue.given())).playbook_digest == "0" * 64


async def test_the_log_holds_the_same_explanation(queue: Queue) -> None:
    await queue.lead()
    await queue.lead(not_before=NOW + HOUR)
    given = await queue.given()
    (claimed,) = await queue.told()
    told = claimed.data.explanation.model_dump(exclude_none=True)
    assert told == given.claim.why.model_dump(exclude_none=True)
    assert claimed.data.explanation.blocked


async def test_it_stays_as_it_was_when_the_queue_moves_on(queue: Queue) -> None:
    lead = await queue.lead()
    given = await queue.given()
    before = await explained(queue, given)
    await queue.dispose(given)
    await queue.fold(lead.planned(attempts=1))
    await queue.lead()
    assert await explained(queue, given) == before


async def test_a_claim_from_before_explanations_is_still_read(queue: Queue) -> None:
    await queue.lead()
    given = await queue.given()
    await queue.execute(
        "update prioritizer.claims"
        " set why = why - array['runners_up', 'blocked', 'playbook_digest']"
    )
    why = await explained(queue, given)
    assert (why.playbook_digest, why.runners_up, why.blocked) == (None, (), ())


async def test_the_whole_team_may_read_it_and_analysts_and_nobody_else(queue: Queue) -> None:
    await queue.lead()
    given = await queue.given(ANA)
    analyst = Caller("zoe", frozenset({"analyst"}), None)
    assert (await explained(queue, given, REP)).rep_id == "ana"
    assert await explained(queue, given, analyst) == await explained(queue, given, REP)
    stranger = Caller("eva", frozenset({"rep", "manager"}), "enterprise")
    for caller, claim_id in ((stranger, given.claim.claim_id), (REP, uuid4())):
        with pytest.raises(Problem) as problem:
            await Explaining(queue.pool).claim(caller, claim_id)
        assert (problem.value.status_code, problem.value.type) == (404, "unknown-claim")
