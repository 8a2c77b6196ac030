"""What ends by itself, whoever looks, and however often."""

import asyncio
from datetime import timedelta

from schemas.envelope import derived_id
from tests.integration.prioritizer.decisions import NOW
from tests.integration.prioritizer.queue import ANA, BEN, Queue

HOUR = timedelta(hours=1)


async def test_an_expired_lead_is_free_for_the_next_question_without_a_poller(
    queue: Queue,
) -> None:
    lead = await queue.lead()
    lost = await queue.given(ANA)
    await queue.run_out(lost)
    given = await queue.given(BEN)
    assert (given.claim.lead_id, given.claim.fence) == (lead.id, lost.claim.fence + 1)
    _, expired, claimed = await queue.told()
    assert (expired.data.type, expired.data.rep_id) == ("claim-expired", "ana")
    assert (claimed.data.type, claimed.data.rep_id) == ("lead-claimed", "ben")


async def test_a_rep_whose_lease_ran_out_can_ask_for_the_next_lead(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.run_out(await queue.given())
    assert (await queue.given()).claim.fence == 2
    assert await queue.next() == lead.id


async def test_a_lapsed_plan_is_told_once_with_an_id_from_the_plan(queue: Queue) -> None:
    lead = await queue.lead(lapses_at=NOW - HOUR)
    await asyncio.gather(*(queue.poller.look() for _ in range(8)))
    (lapsed,) = await queue.told()
    plan = (await queue.rows("select plan_id from prioritizer.leads"))[0]["plan_id"]
    assert (lapsed.data.lead_id, lapsed.data.plan_id) == (lead.id, plan)
    assert lapsed.data.occurred_at == NOW - HOUR
    assert lapsed.envelope.id == derived_id("touch-lapsed", str(plan))


async def test_a_plan_does_not_lapse_in_a_reps_hands(queue: Queue) -> None:
    await queue.lead()
    given = await queue.given()
    await queue.execute("update prioritizer.leads set lapses_at = now()")
    assert await queue.poller.look() == 0
    await queue.dispose(given)
    assert await queue.poller.look() == 0


async def test_a_claim_that_expires_after_its_plan_lapsed_is_followed_by_the_lapse(
    queue: Queue,
) -> None:
    await queue.lead()
    await queue.run_out(await queue.given())
    await queue.execute("update prioritizer.leads set lapses_at = now()")
    await queue.poller.look()
    types = [event.data.type for event in await queue.told()]
    assert types == ["lead-claimed", "claim-expired", "touch-lapsed"]


async def test_many_pollers_expire_each_claim_once(queue: Queue) -> None:
    await queue.lead()
    await queue.run_out(await queue.given())
    assert sorted(await asyncio.gather(*(queue.poller.look() for _ in range(8)))) == [0] * 7 + [1]
