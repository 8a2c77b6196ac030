"""Twenty reps at once dispose, give back and let leases run out; the claims tell the truth."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from itertools import pairwise
from typing import Any
from uuid import UUID

from services.prioritizer.callers import Rep
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import TEAM
from tests.integration.prioritizer.queue import Queue

LEADS, REPS, QUESTIONS = 12, 20, 12
SEED = 7


async def test_no_lead_is_ever_in_two_hands(queue: Queue) -> None:
    leads = {(await queue.lead()).id for _ in range(LEADS - 1)}
    chance = random.Random(SEED)
    reps = [Rep(f"rep-{n}", TEAM) for n in range(REPS)]
    await asyncio.gather(*(work(queue, rep, random.Random(chance.random())) for rep in reps))
    await late(queue, Rep("late", TEAM))
    check(leads, await queue.rows("select * from prioritizer.claims order by lead_id, fence"))
    types = Counter(event.data.type for event in await queue.told())
    claims = await queue.rows("select state, count(*) from prioritizer.claims group by state")
    states = {row["state"]: row["count"] for row in claims}
    assert types["lead-claimed"] == sum(states.values())
    assert types["touch-logged"] == types["claim-disposed"] == states.get("disposed", 0)
    assert types["claim-released"] == states.get("released", 0)
    told_late = types["claim-expired"] - states.get("expired", 0)
    assert 0 < told_late <= types["touch-logged"], "no touch was told after its lease"
    held = await queue.rows("select lead_id from prioritizer.leads where claim_id is not null")
    assert len(held) == states.get("open", 0)


async def late(queue: Queue, rep: Rep) -> None:
    """A touch told after its lease, whatever chance gave the others."""
    await queue.lead()
    given = await queue.given(rep)
    await queue.run_out(given)
    await queue.poller.look()
    await queue.dispose(given)


async def work(queue: Queue, rep: Rep, chance: random.Random) -> None:
    for _ in range(QUESTIONS):
        given = await queue.serving.next(rep)
        if given is None:
            continue
        claim = given.claim
        try:
            match chance.choice(("dispose", "release", "run out", "run out", "late", "renew")):
                case "dispose" if claim.fence > 3:
                    await queue.dispose(given)
                case "release":
                    await queue.holding.release(rep.rep_id, claim.claim_id, claim.fence, "no time")
                case "renew":
                    await queue.holding.renew(rep.rep_id, claim.claim_id, claim.fence)
                case "late" if claim.fence > 3:
                    await queue.run_out(given)
                    await queue.poller.look()
                    await queue.dispose(given)
                case _:
                    await queue.run_out(given)
                    await queue.poller.look()
        except Problem as problem:
            if problem.status_code != 409:
                raise


def check(leads: Set[UUID], claims: Sequence[dict[str, Any]]) -> None:
    """One holder a lead at any instant of the database's clock; fences rise one by one. The lead
    that came last may still wait behind another."""
    by_lead = defaultdict(list)
    for claim in claims:
        by_lead[claim["lead_id"]].append(claim)
    assert by_lead.keys() >= leads
    for holds in by_lead.values():
        assert [hold["fence"] for hold in holds] == list(range(1, len(holds) + 1))
        for before, after in pairwise(holds):
            assert before["closed_at"] is not None
            assert before["closed_at"] < after["claimed_at"]
        assert sum(hold["state"] == "disposed" for hold in holds) <= 1
        assert all(hold["state"] != "disposed" for hold in holds[:-1])
    assert max(len(holds) for holds in by_lead.values()) > 1
