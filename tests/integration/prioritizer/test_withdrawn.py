"""A touch that is not wanted any more while a rep has it: opted out, replied, ended."""

import pytest

from services.prioritizer.answers import NextLead
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import Lead
from tests.integration.prioritizer.queue import ANA, BEN, Queue


async def withdraw(queue: Queue, lead: Lead, how: str) -> None:
    await queue.fold(lead.ended() if how == "ended" else lead.planned(attempts=1))


@pytest.mark.parametrize("how", ["ended", "planned otherwise"])
async def test_it_is_not_held_for_longer_and_says_so(queue: Queue, how: str) -> None:
    lead = await queue.lead()
    given = await queue.given()
    assert not NextLead.of(given).withdrawn
    await withdraw(queue, lead, how)
    with pytest.raises(Problem) as problem:
        await queue.holding.renew("ana", given.claim.claim_id, given.claim.fence)
    assert (problem.value.status_code, problem.value.type) == (409, "plan-withdrawn")
    assert NextLead.of(await queue.given()).withdrawn
    assert all(one.withdrawn for one in await queue.serving.in_hand(ANA))


async def test_it_is_told_when_it_was_made_before_the_rep_knew(queue: Queue) -> None:
    lead = await queue.lead()
    given = await queue.given()
    await queue.fold(lead.ended())
    await queue.dispose(given)
    touch = (await queue.told())[1].data
    assert (touch.type, touch.plan_id) == ("touch-logged", given.claim.plan.plan_id)
    assert await queue.next(BEN) is None


@pytest.mark.parametrize("order", [(False, True), (True, False), (True, True)])
async def test_giving_it_back_is_no_skip(queue: Queue, order: tuple[bool, bool]) -> None:
    holding = queue.with_skips(1)
    for ends in order:
        lead = await queue.lead()
        claim = (await queue.given()).claim
        if ends:
            await queue.fold(lead.ended())
        await holding.release("ana", claim.claim_id, claim.fence, "not wanted")
