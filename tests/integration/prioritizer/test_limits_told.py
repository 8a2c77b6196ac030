"""What limits keep back is told: in lists, to who picks, and to who is given nobody."""

from typing import Any

import pytest

from engagement.playbook import Playbook
from services.prioritizer.reading.standing import Standings
from services.prioritizer.serving.nobody import explained
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import TEAM
from tests.integration.prioritizer.limits import OWN, limited, listed, work
from tests.integration.prioritizer.queue import ANA, BEN, Queue


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
