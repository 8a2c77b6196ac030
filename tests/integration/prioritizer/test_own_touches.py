"""Touches of one rep: theirs alone for a while, then anybody's, so that none is lost."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engagement.own import GRACE, LAST_CALL
from services.prioritizer.callers import Rep
from services.prioritizer.serving.claim_sql import CLAIM
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead
from tests.integration.prioritizer.queue import ANA, BEN, Queue
from tests.tables import migrations

MINUTE = timedelta(minutes=1)
FOR_ANA: dict[str, Any] = {"again": "callback", "attempt": 2, "for_rep": "ana"}
MANY = """
insert into prioritizer.leads (lead_id, partition, team, enrolment_id, features, sealed, plan,
    plan_id, plan_event_id, not_before, lapses_at, tier, tier_order, order_key, for_rep,
    anyone_from, since, entered_at, begins)
select gen_random_uuid(), 0, team, enrolment_id, features, sealed, plan, gen_random_uuid(),
    plan_event_id, not_before, lapses_at, tier, tier_order, order_key + n,
    case when n %% 2 = 0 then 'eva' end,
    case when n %% 2 = 0 then now() + interval '1 hour' else not_before end, since, entered_at,
    begins
from prioritizer.leads, generate_series(1, %s) as n
"""


def now() -> datetime:
    """NOW is when the run began, which may be long ago by the time of a test."""
    return datetime.now(UTC)


async def test_a_reps_touch_is_served_to_that_rep_only(queue: Queue) -> None:
    lead = await queue.lead(**FOR_ANA)
    assert await queue.next(BEN) is None
    given = await queue.given(ANA)
    assert given.claim.lead_id == lead.id
    assert (given.claim.why.tier, given.claim.why.kept_for) == ("callback", "you")


async def test_after_the_grace_any_rep_of_the_team_is_given_it(queue: Queue) -> None:
    lead = await queue.lead(**FOR_ANA, due_at=NOW - GRACE)
    assert await queue.next(Rep("eva", "enterprise")) is None
    given = await queue.given(BEN)
    assert given.claim.lead_id == lead.id
    assert given.claim.why.kept_for == "another"


async def test_just_before_the_end_of_the_grace_it_is_still_the_reps(queue: Queue) -> None:
    await queue.lead(**FOR_ANA, due_at=now() - GRACE + 10 * MINUTE)
    assert await queue.next(BEN) is None
    assert await queue.next(ANA) is not None


@pytest.mark.parametrize("left", [LAST_CALL - 10 * MINUTE, LAST_CALL + 10 * MINUTE])
async def test_a_touch_that_lapses_when_it_is_due_reaches_the_team_before(
    queue: Queue, left: timedelta
) -> None:
    due = now() + left
    lead = await queue.lead(**FOR_ANA, due_at=due, lapses_at=due)
    assert await queue.next(BEN) == (lead.id if left < LAST_CALL else None)


async def test_after_the_grace_the_rep_is_given_it_too(queue: Queue) -> None:
    lead = await queue.lead(**FOR_ANA, due_at=NOW - GRACE)
    assert await queue.next(ANA) == lead.id


async def test_what_its_own_rep_gives_back_is_anybodys_at_once(queue: Queue) -> None:
    lead = await queue.lead(**FOR_ANA)
    claim = (await queue.given(ANA)).claim
    await queue.holding.release("ana", claim.claim_id, claim.fence, "no time")
    assert await queue.next(ANA) is None
    given = await queue.given(BEN)
    assert (given.claim.lead_id, given.claim.why.kept_for) == (lead.id, "another")


async def test_what_another_gives_back_stays_its_own_reps(queue: Queue) -> None:
    lead = await queue.lead(**FOR_ANA)
    await queue.execute("update prioritizer.leads set anyone_from = now()")
    claim = (await queue.given(BEN)).claim
    await queue.execute("update prioritizer.leads set anyone_from = now() + interval '1 hour'")
    await queue.holding.release("ben", claim.claim_id, claim.fence, "no time")
    assert await queue.next(Rep("cleo", TEAM)) is None
    assert await queue.next(ANA) == lead.id


@pytest.mark.parametrize("rep", [ANA, BEN])
async def test_a_promised_call_never_comes_before_its_time(queue: Queue, rep: Rep) -> None:
    await queue.lead(**FOR_ANA, not_before=now() + 10 * MINUTE, due_at=NOW - GRACE * 2)
    assert await queue.next(rep) is None


async def test_own_and_anybodys_touches_stand_in_one_order(queue: Queue) -> None:
    new = await queue.lead()
    promised = await queue.lead(**FOR_ANA)
    due = await queue.lead(attempts=1)
    own = await queue.lead(attempts=1, for_rep="ana", due_at=NOW - 20 * MINUTE)
    order = []
    for _ in range(4):
        given = await queue.given(ANA)
        order.append((given.claim.lead_id, given.claim.why.others))
        await queue.dispose(given)
    assert order == [(promised.id, 3), (new.id, 2), (due.id, 1), (own.id, 0)]


async def test_another_reps_touches_are_not_counted_as_waiting(queue: Queue) -> None:
    await queue.lead(**FOR_ANA)
    await queue.lead()
    assert (await queue.given(BEN)).claim.why.others == 0


async def test_reps_asking_at_once_get_their_own_and_after_the_grace_different_ones(
    queue: Queue,
) -> None:
    reps = [Rep(f"rep-{n}", TEAM) for n in range(10)]
    own = [(await queue.lead(**FOR_ANA | {"for_rep": rep.rep_id})).id for rep in reps]
    late = {(await queue.lead(**FOR_ANA, due_at=NOW - GRACE)).id for _ in reps}
    await queue.execute("update prioritizer.leads set order_key = 0 where for_rep <> 'ana'")
    assert await asyncio.gather(*map(queue.next, reps)) == own
    others = [Rep(f"other-{n}", TEAM) for n in range(10)]
    assert set(await asyncio.gather(*map(queue.next, others))) == late


async def test_the_next_plan_decides_anew_whose_touch_it_is(queue: Queue) -> None:
    lead = await queue.lead(**FOR_ANA)
    await queue.fold(lead.planned())
    assert await queue.next(BEN) == lead.id


async def test_a_plan_from_before_the_migration_keeps_its_rep(queue: Queue) -> None:
    own, anybodys = Lead(), Lead()
    plan = own.planned(**FOR_ANA, due_at=NOW, lapses_at=NOW + timedelta(hours=1))
    await queue.fold(own.entered(), plan, anybodys.entered(), anybodys.planned())
    whose = "select lead_id, for_rep, anyone_from from prioritizer.leads order by lead_id"
    before = await queue.rows(whose)
    at = migrations("prioritizer")
    sql = (at / "0002_reps_own_touches.sql").read_text()
    refill = sql[sql.index("update prioritizer.leads") : sql.index(";", sql.index("update "))]
    last_call = (at / "0003_last_call.sql").read_text()
    await queue.execute("alter table prioritizer.leads drop constraint plans_are_somebodys")
    await queue.execute("update prioritizer.leads set for_rep = null, anyone_from = null")
    await queue.execute(refill)
    await queue.execute(last_call)
    assert await queue.rows(whose) == before


async def test_a_question_reads_no_table_from_end_to_end(queue: Queue) -> None:
    await queue.lead(**FOR_ANA)
    await queue.execute(MANY, 20_000)
    await queue.execute(
        "insert into vault.keys select lead_id, wrapped from prioritizer.leads, vault.keys"
        " on conflict do nothing"
    )
    await queue.execute("analyze prioritizer.leads, vault.keys")
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", CLAIM)))
    claim = re.sub(r"%\((\w+)\)s", lambda one: f"${names.index(one[1]) + 1}", CLAIM)
    async with queue.pool.connection() as conn:
        cursor = await conn.execute(f"explain (generic_plan) {claim}".encode())
        plan = "\n".join(row[0] for row in await cursor.fetchall())
    assert "Seq Scan on leads" not in plan, plan
    assert "Seq Scan on keys" not in plan, plan
    assert "Merge Append" in plan, plan
    assert "leads_in_order" in plan, plan
    assert "leads_of_a_rep_in_order" in plan, plan
    assert "leads_by_opening" in plan, plan
    assert "leads_of_reps_by_grace" in plan, plan
