"""As many leads in a rep's hands as the playbook says, and never more."""

import asyncio

import pytest

from engagement.playbook import Playbook
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.limits import limited
from tests.integration.prioritizer.queue import ANA, BEN, Queue


async def test_a_rep_is_given_so_many_and_then_the_last_one_again(queue: Queue) -> None:
    await limited(queue, open_claims_per_rep=2)
    leads = [(await queue.lead(attempts=1)).id for _ in range(4)]
    given = [await queue.given() for _ in range(4)]
    first, second = given[0].claim, given[1].claim
    assert first.lead_id != second.lead_id
    assert [one.claim.claim_id for one in given[1:]] == [second.claim_id] * 3
    held = await queue.serving.in_hand(ANA)
    assert [one.claim.claim_id for one in held] == [second.claim_id, first.claim_id]
    assert await queue.next(BEN) in set(leads) - {first.lead_id, second.lead_id}


async def test_the_next_one_needs_a_disposition_of_any(queue: Queue) -> None:
    await limited(queue, open_claims_per_rep=2)
    for _ in range(3):
        await queue.lead(attempts=1)
    first, second = await queue.given(), await queue.given()
    await queue.dispose(first)
    third = await queue.given()
    assert third.claim.lead_id not in {first.claim.lead_id, second.claim.lead_id}


async def test_with_room_left_and_nobody_due_nothing_is_given(queue: Queue) -> None:
    await limited(queue, open_claims_per_rep=2)
    await queue.lead()
    await queue.given()
    assert await queue.next() is None


async def test_many_questions_at_once_give_no_more(queue: Queue) -> None:
    await limited(queue, open_claims_per_rep=3)
    for _ in range(8):
        await queue.lead(attempts=1)
    await asyncio.gather(*(queue.next() for _ in range(8)))
    await asyncio.gather(*(queue.next() for _ in range(8)))
    assert len(await queue.serving.in_hand(ANA)) == 3


async def test_a_lead_is_picked_beside_the_others_and_again(queue: Queue, seed: Playbook) -> None:
    await queue.teach(seed, picking=True)
    await limited(queue, open_claims_per_rep=2)
    leads = [(await queue.lead(attempts=1)).id for _ in range(3)]
    for lead in (leads[2], leads[0], leads[2]):
        assert (await queue.serving.pick(ANA, lead)).claim.lead_id == lead
    with pytest.raises(Problem) as problem:
        await queue.serving.pick(ANA, leads[1])
    assert problem.value.type == "another-in-hand"


async def test_who_leaves_gives_all_of_them_back(queue: Queue) -> None:
    await limited(queue, open_claims_per_rep=2)
    leads = {(await queue.lead(attempts=1)).id for _ in range(2)}
    assert {await queue.next(), await queue.next()} == leads
    await queue.presence.say(ANA, "left")
    assert {await queue.next(BEN), await queue.next(BEN)} == leads
