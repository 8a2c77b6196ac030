"""Limits on what a rep and a team begin: held exactly, told by rule, and over when they say."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from engagement.playbook import Playbook
from schemas.envelope import Envelope, Event
from schemas.events.playbook import PlaybookPublished
from services.prioritizer.callers import Rep
from services.prioritizer.explaining import Explaining
from services.prioritizer.history import History
from services.prioritizer.listed import Listed, Wanted
from services.prioritizer.listing import Lists
from services.prioritizer.nobody import explained
from services.prioritizer.playbooks import Playbooks
from services.prioritizer.standing import Standings
from services.runtime.problem import Problem
from services.runtime.roles import Caller
from tests.integration.arrived import arrived
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import ANA, BEN, Queue

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
    caller = Caller(rep.rep_id, frozenset({"rep"}), rep.team)
    lists = Lists(queue.pool, queue.vault, Playbooks())
    return (await lists.page(caller, Wanted(), None, 10)).leads


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


async def test_lists_say_what_a_limit_keeps_back_and_from_whom(queue: Queue) -> None:
    await limited(queue, new_leads_a_day_per_rep=1)
    await queue.lead()
    await work(queue)
    await queue.lead()
    (one,) = await listed(queue)
    assert one.rule == "rep-new-leads"
    assert one.returns_at is not None
    assert (await listed(queue, BEN))[0].rule is None
    told = [
        await Standings(queue.pool).of(Caller(rep.rep_id, frozenset({"rep"}), TEAM), one.lead_id)
        for rep in (ANA, BEN)
    ]
    assert [(now.rule, now.next) for now in told] == [("rep-new-leads", False), (None, True)]


async def test_the_playbook_published_last_says_the_limits(queue: Queue) -> None:
    await limited(queue, new_leads_a_day_per_rep=1)
    await limited(queue, at=HOUR, new_leads_a_day_per_rep=2)
    await limited(queue, at=-HOUR, new_leads_a_day_per_rep=3)
    for _ in range(3):
        await queue.lead()
    assert [await work(queue) is None for _ in range(3)] == [False, False, True]
    await limited(queue, at=2 * HOUR)
    assert await work(queue) is not None


@pytest.mark.parametrize(
    ("plan", "buckets"),
    [
        ({}, ("urgent", "urgent")),
        ({"again": "callback", "attempt": 2}, ("urgent", "urgent")),
        ({"attempts": 1}, ("shared", "shared")),
        (OWN | {"attempts": 1}, ("personal", "shared")),
        (OWN | {"again": "callback", "attempt": 2}, ("personal", "urgent")),
    ],
)
async def test_buckets_say_whose_a_touch_is(
    queue: Queue, plan: dict[str, Any], buckets: tuple[str, str]
) -> None:
    await queue.lead(**plan)
    assert tuple([(await listed(queue, rep))[0].bucket for rep in (ANA, BEN)]) == buckets
    assert (await queue.given(ANA)).claim.why.bucket == buckets[0]


async def test_a_pick_beyond_a_limit_is_refused_with_the_rule(
    queue: Queue, seed: Playbook
) -> None:
    await queue.teach(seed, picking=True)
    await limited(queue, new_leads_a_day_per_rep=1)
    await queue.lead()
    await work(queue)
    lead = await queue.lead()
    with pytest.raises(Problem) as problem:
        await queue.serving.pick(ANA, lead.id)
    assert (problem.value.status_code, problem.value.type) == (409, "limit-reached")
    assert "rep-new-leads" in problem.value.detail


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


async def test_who_is_given_nobody_because_of_a_limit_is_told_which_and_until_when(
    queue: Queue,
) -> None:
    await limited(queue, new_leads_a_day_per_rep=1)
    await queue.lead()
    await work(queue)
    nothing = await queue.desk.next(ANA)(queue.pool)
    assert (nothing.body, "Queue-Rule" in nothing.headers) == (None, False)
    await queue.lead()
    limit = await queue.desk.next(ANA)(queue.pool)
    (begun,) = await queue.rows(
        "select claimed_at + interval '1 day' as ends from prioritizer.claims"
    )
    assert limit.headers["Queue-Rule"] == "rep-new-leads"
    assert limit.headers["Queue-Returns-At"] == begun["ends"].isoformat()
    async with queue.pool.connection() as conn:
        told = await explained(conn, "ana", TEAM)
    assert [(one.rule, one.leads) for one in told.blocked] == [("rep-new-leads", 1)]
    assert "as many new leads in 24 hours" in told.words
    assert told.returns_at == begun["ends"]
