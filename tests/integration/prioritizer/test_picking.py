"""Picking from the list: where the playbook says so, what is ready, and nobody else's."""

from datetime import timedelta

import pytest

from engagement.playbook import Playbook
from services.prioritizer.callers import Rep
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead
from tests.integration.prioritizer.lists import MANAGER, page
from tests.integration.prioritizer.queue import ANA, BEN, Queue

HOUR = timedelta(hours=1)


async def test_a_lead_is_picked_where_the_playbook_says_so_and_recorded_so(
    queue: Queue, seed: Playbook
) -> None:
    await queue.teach(seed, picking=True)
    first = await queue.lead()
    wanted = await queue.lead(attempts=1)
    given = await queue.serving.pick(ANA, wanted.id)
    again = await queue.serving.pick(ANA, wanted.id)
    assert (given.claim.lead_id, given.claim.why.picked) == (wanted.id, True)
    assert [one.lead_id for one in given.claim.why.runners_up] == [first.id]
    assert given.claim.why.words.endswith("; 1 other could be had")
    assert again.claim.claim_id == given.claim.claim_id
    (claimed,) = await queue.told()
    assert claimed.data.explanation.picked is True


async def test_nobody_picks_where_the_playbook_does_not_say_so(queue: Queue) -> None:
    lead = await queue.lead()
    with pytest.raises(Problem) as problem:
        await queue.serving.pick(ANA, lead.id)
    assert (problem.value.status_code, problem.value.type) == (403, "picking-not-allowed")
    assert await queue.told() == []


async def test_a_lead_that_is_not_ready_cannot_be_picked(queue: Queue, seed: Playbook) -> None:
    await queue.teach(seed, picking=True)
    mine = await queue.lead()
    waiting = await queue.lead(not_before=NOW + HOUR)
    kept = await queue.lead(again="callback", for_rep="eva", due_at=NOW, lapses_at=NOW + 9 * HOUR)
    for lead in (waiting, kept):
        await refused(queue, ANA, lead, 409, "not-ready")
    await queue.serving.pick(ANA, mine.id)
    await refused(queue, BEN, mine, 409, "not-ready")
    await refused(queue, Rep("eva", "enterprise"), mine, 404, "unknown-lead")
    other = await queue.lead()
    await refused(queue, ANA, other, 409, "another-in-hand")


async def refused(queue: Queue, rep: Rep, lead: Lead, status: int, type_: str) -> None:
    with pytest.raises(Problem) as problem:
        await queue.serving.pick(rep, lead.id)
    assert (problem.value.status_code, problem.value.type) == (status, type_)


async def test_a_touch_of_ones_own_may_be_picked_and_is_nobody_elses(
    queue: Queue, seed: Playbook
) -> None:
    await queue.teach(seed, picking=True)
    await queue.lead(for_rep="ben", due_at=NOW)
    (own,) = (await page(queue)).leads
    (seen,) = (await page(queue, caller=MANAGER)).leads
    assert (own.rule, own.bucket, own.may_pick) == (None, "personal", True)
    assert (seen.rule, seen.may_pick) == ("kept-for-rep", False)


async def test_what_a_rep_gave_back_is_listed_as_such_and_still_anybody_elses(
    queue: Queue, seed: Playbook
) -> None:
    await queue.teach(seed, picking=True)
    await queue.lead()
    claim = (await queue.given(BEN)).claim
    await queue.holding.release("ben", claim.claim_id, claim.fence, "no time")
    (own,) = (await page(queue)).leads
    (anas,) = (await page(queue, caller=Caller("ana", frozenset({"rep"}), TEAM))).leads
    assert (own.rule, own.returns_at, own.may_pick) == ("given-back", None, False)
    assert (anas.rule, anas.may_pick) == (None, True)


async def test_managers_are_given_no_lead_and_so_pick_none(queue: Queue, seed: Playbook) -> None:
    await queue.teach(seed, picking=True)
    await queue.lead()
    (seen,) = (await page(queue, caller=MANAGER)).leads
    assert (seen.rule, seen.may_pick) == (None, False)


async def test_a_rep_gives_back_so_many_leads_a_day_and_no_more(queue: Queue) -> None:
    few = queue.with_skips(2)
    for _ in range(3):
        await queue.lead()
    for _ in range(2):
        claim = (await queue.given()).claim
        await few.release("ana", claim.claim_id, claim.fence, "no time")
    claim = (await queue.given()).claim
    with pytest.raises(Problem) as problem:
        await few.release("ana", claim.claim_id, claim.fence, "no time")
    assert (problem.value.status_code, problem.value.type) == (429, "skips-used-up")
    assert 86_000 < int((problem.value.headers or {})["Retry-After"]) <= 86_400
    await queue.execute("update prioritizer.claims set closed_at = closed_at - interval '1 day'")
    await few.release("ana", claim.claim_id, claim.fence, "no time")
