"""A touch that was made is told also after the lease, unless the lead was given out since."""

import asyncio
from datetime import timedelta

import pytest

from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW
from tests.integration.prioritizer.queue import ANA, BEN, Queue

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("noticed", [False, True])
async def test_a_touch_is_told_after_the_lease_ran_out(queue: Queue, noticed: bool) -> None:
    await queue.lead()
    given = await queue.given()
    await queue.run_out(given)
    if noticed:
        await queue.poller.look()
    await queue.dispose(given)
    types = [event.data.type for event in await queue.told()]
    expired = ["claim-expired"] if noticed else []
    assert types == ["lead-claimed", *expired, "touch-logged", "claim-disposed"]
    assert await queue.next(BEN) is None


async def test_told_again_it_is_the_same_touch(queue: Queue) -> None:
    await queue.lead()
    given = await queue.given()
    await queue.run_out(given)
    await queue.poller.look()
    for _ in range(2):
        await queue.dispose(given)
    types = [event.data.type for event in await queue.told()]
    assert types.count("touch-logged") == 1


async def test_the_rep_works_another_lead_meanwhile(queue: Queue) -> None:
    first, second = await queue.lead(), await queue.lead(attempts=1)
    given = await queue.given()
    await queue.run_out(given)
    await queue.poller.look()
    again = await queue.given()
    assert again.claim.lead_id == first.id
    await queue.holding.release("ana", again.claim.claim_id, again.claim.fence, "voicemail full")
    assert await queue.next() == second.id
    await refused(queue, given)


@pytest.mark.parametrize("end", ["held", "released", "run out"])
async def test_whoever_was_given_the_lead_since_may_have_made_the_touch(
    queue: Queue, end: str
) -> None:
    await queue.lead()
    given = await queue.given(ANA)
    await queue.run_out(given)
    other = await queue.given(BEN)
    if end == "released":
        await queue.holding.release("ben", other.claim.claim_id, other.claim.fence, "no time")
    if end == "run out":
        await queue.run_out(other)
        await queue.poller.look()
    await refused(queue, given)


@pytest.mark.parametrize("change", ["another plan", "ended", "lapsed"])
async def test_a_plan_that_is_no_longer_open_is_not_answered(queue: Queue, change: str) -> None:
    lead = await queue.lead()
    given = await queue.given()
    await queue.run_out(given)
    await queue.poller.look()
    match change:
        case "another plan":
            await queue.fold(lead.planned(attempts=1))
        case "ended":
            await queue.fold(lead.ended())
        case _:
            await queue.execute("update prioritizer.leads set lapses_at = now()")
            await queue.poller.look()
    await refused(queue, given)


async def test_a_lead_is_never_both_told_late_and_given_to_another(queue: Queue) -> None:
    for _ in range(20):
        lead = await queue.lead(lapses_at=NOW + HOUR)
        given = await queue.given(ANA)
        await queue.run_out(given)
        await queue.poller.look()
        told, taken = await asyncio.gather(
            queue.dispose(given), queue.next(BEN), return_exceptions=True
        )
        assert (told is None) != (taken == lead.id)
        if taken == lead.id:
            await queue.dispose(await queue.given(BEN))
    types = [event.data.type for event in await queue.told()]
    assert types.count("touch-logged") == 20


async def refused(queue: Queue, given: object) -> None:
    with pytest.raises(Problem) as problem:
        await queue.dispose(given)  # type: ignore[arg-type]
    assert (problem.value.status_code, problem.value.type) == (409, "lease-lost")
