"""Limits on what a rep and a team begin: held exactly, and over when they say."""

import asyncio
from typing import Any

import pytest

from engagement.playbook import Playbook
from services.prioritizer.callers import Rep
from services.prioritizer.claims.explaining import Explaining
from services.prioritizer.reading.standing import Standings
from services.prioritizer.serving.nobody import explained
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.limits import HOUR, OWN, limited, listed, work
from tests.integration.prioritizer.queue import ANA, BEN, Queue


async def test_a_rep_begins_so_many_new_leads_and_goes_on_with_others(queue: Queue) -> None:
    await limited(queue, new_leads_a_day_per_rep=2)
    new = [(await queue.lead(recorded_at=NOW - n * HOUR)).id for n in range(3)]
    due = await queue.lead(attempts=1)
    assert [await work(queue) for _ in range(2)] == new[:2]
    given = await queue.given(ANA)
    assert given.claim.lead_id == due.id
    (blocked,) = given.claim.why.blocked
    first = "select min(claimed_at) + interval '1 day' as at from prioritizer.claims"
    (oldest,) = await queue.rows(first)
    assert (blocked.rule, blocked.leads, blocked.returns_at) == ("rep-new-leads", 1, oldest["at"])
    told = await Explaining(queue.pool).claim(
        Caller("zoe", frozenset({"analyst"}), None), given.claim.claim_id
    )
    assert "as many new leads in 24 hours" in told.blocked[0].words
    assert await work(queue, BEN) == new[2]


async def test_a_day_after_the_first_the_rep_begins_again(queue: Queue) -> None:
    await limited(queue, new_leads_a_day_per_rep=1)
    await queue.lead()
    second = await queue.lead(recorded_at=NOW - HOUR)
    assert await work(queue) is not None
    assert await work(queue) is None
    await queue.execute("update prioritizer.claims set claimed_at = now() - interval '1 day'")
    assert await work(queue) == second.id


async def test_what_is_given_back_was_not_begun(queue: Queue) -> None:
    await limited(queue, new_leads_a_day_per_rep=1)
    await queue.lead()
    other = await queue.lead(recorded_at=NOW - HOUR)
    claim = (await queue.given(ANA)).claim
    await queue.holding.release("ana", claim.claim_id, claim.fence, "no time")
    assert await work(queue) == other.id


async def test_the_team_s_limit_is_held_by_all_who_ask_at_once(queue: Queue) -> None:
    await limited(queue, new_leads_a_day=4)
    for _ in range(12):
        await queue.lead()
    reps = [Rep(f"rep-{n}", TEAM) for n in range(10)]
    given = await asyncio.gather(*(queue.next(rep) for rep in reps))
    assert sum(one is not None for one in given) == 4
    assert len(set(given)) == 5


async def test_another_team_and_a_promised_call_are_not_limited(queue: Queue) -> None:
    await limited(queue, new_leads_a_day=1)
    await queue.lead()
    await work(queue, BEN)
    await queue.lead()
    promised = await queue.lead(again="callback", attempt=2)
    assert await work(queue) == promised.id
    assert await work(queue) is None
    assert (await queue.lead(team="other")).id == await work(queue, Rep("eva", "other"))


async def test_with_enough_own_leads_a_rep_begins_no_new_one(queue: Queue) -> None:
    await limited(queue, own_leads_per_rep=2)
    later = NOW + HOUR
    own = await queue.lead(**OWN, attempts=1)
    await queue.lead(**OWN | {"not_before": later, "due_at": later}, attempts=1)
    await queue.lead()
    given = await queue.given(ANA)
    assert given.claim.lead_id == own.id
    assert ("rep-own-leads", 1, None) in [
        (one.rule, one.leads, one.returns_at) for one in given.claim.why.blocked
    ]
    await queue.dispose(given)
    assert await work(queue) is not None


async def test_a_rep_s_own_new_lead_is_no_matter_of_limits(queue: Queue) -> None:
    await limited(queue, new_leads_a_day_per_rep=1)
    await queue.lead()
    await work(queue)
    own = await queue.lead(**OWN)
    assert await work(queue) == own.id


async def test_the_playbook_published_last_says_the_limits(queue: Queue) -> None:
    await limited(queue, new_leads_a_day_per_rep=1)
    await limited(queue, at=HOUR, new_leads_a_day_per_rep=2)
    await limited(queue, at=-HOUR, new_leads_a_day_per_rep=3)
    for _ in range(3):
        await queue.lead()
    assert [await work(queue) is None for _ in range(3)] == [False, False, True]
    await limited(queue, at=2 * HOUR)
    assert await work(queue) is not None


async def test_after_so_many_touches_a_rep_is_given_nobody_of_any_tier(
    queue: Queue, seed: Playbook
) -> None:
    await queue.teach(seed, picking=True)
    await limited(queue, at=HOUR, touches_a_day_per_rep=2)
    for _ in range(2):
        await queue.lead(attempts=1)
        assert await work(queue) is not None
    left = await queue.lead(attempts=1)
    await queue.lead(**OWN)
    assert await work(queue) is None
    assert {one.rule for one in await listed(queue)} == {"rep-touches"}
    caller = Caller("ana", frozenset({"rep"}), TEAM)
    assert (await Standings(queue.pool).of(caller, left.id)).rule == "rep-touches"
    assert (await queue.desk.next(ANA)(queue.pool)).headers["Queue-Rule"] == "rep-touches"
    async with queue.pool.connection() as conn:
        told = await explained(conn, "ana", TEAM)
    assert [(one.rule, one.leads) for one in told.blocked] == [("rep-touches", 1)]
    with pytest.raises(Problem, match="rep-touches"):
        await queue.serving.pick(ANA, left.id)
    assert await queue.next(BEN) == left.id
    await queue.execute("update prioritizer.claims set closed_at = closed_at - interval '1 day'")
    assert await work(queue) is not None


async def test_what_a_rep_has_in_hand_counts_as_a_touch_made(queue: Queue) -> None:
    await limited(queue, touches_a_day_per_rep=2, open_claims_per_rep=3)
    for _ in range(3):
        await queue.lead(attempts=1)
    given = [await queue.given() for _ in range(2)]
    assert await queue.next() is None
    claim = given[0].claim
    await queue.holding.release("ana", claim.claim_id, claim.fence, "no time")
    assert await queue.next() is not None


async def test_a_team_with_enough_active_leads_begins_no_new_one(queue: Queue) -> None:
    await limited(queue, active_leads=3)
    at = NOW + HOUR / 2
    later: dict[str, Any] = {"not_before": at, "due_at": at, "attempts": 1}
    touched = await queue.lead(**later)
    await queue.lead(**later, kind="automated", channel="email")
    await queue.lead(kind="automated", channel="email")
    first, second = await queue.lead(), await queue.lead(recorded_at=NOW - HOUR)
    assert await queue.next(ANA) == first.id
    assert await queue.next(BEN) is None
    assert (await queue.desk.next(BEN)(queue.pool)).headers["Queue-Rule"] == "team-active-leads"
    due = await queue.lead(attempts=1)
    assert await work(queue, BEN) == due.id
    await queue.fold(touched.ended(), due.ended())
    assert await queue.next(BEN) == second.id


async def test_active_leads_are_counted_exactly_by_all_who_ask_at_once(queue: Queue) -> None:
    await limited(queue, active_leads=4)
    for _ in range(12):
        await queue.lead()
    given = await asyncio.gather(*(queue.next(Rep(f"rep-{n}", TEAM)) for n in range(10)))
    assert sum(one is not None for one in given) == 4
