"""What a rep can do with a lead in hand, and what is refused."""

from uuid import UUID, uuid4

import pytest

from schemas.envelope import child
from services.prioritizer.claims.holding import Disposition
from services.runtime.doors.problem import Problem
from services.runtime.vault import unseal
from tests.integration.prioritizer.decisions import NOW
from tests.integration.prioritizer.queue import ANA, BEN, Queue


def refused(problem: pytest.ExceptionInfo[Problem]) -> tuple[int, str]:
    return problem.value.status_code, problem.value.type


async def test_a_disposition_logs_the_touch_and_answers_the_plan(queue: Queue) -> None:
    await queue.lead()
    given = await queue.given()
    await queue.dispose(given, "interested", channel="sms")
    _, touch, disposed = await queue.told()
    assert touch.data.type == "touch-logged"
    assert touch.data.plan_id == given.claim.plan.plan_id
    assert (touch.data.result_code, touch.data.channel) == ("interested", "sms")
    assert touch.envelope.cause == given.claim.plan_event_id
    assert touch.envelope.traceparent == child(given.claim.traceparent, touch.envelope.id)
    assert (disposed.data.type, disposed.data.fence) == ("claim-disposed", 1)
    assert await queue.next() is None


async def test_the_same_disposition_again_gives_the_same_answer_and_no_second_touch(
    queue: Queue,
) -> None:
    await queue.lead()
    claim = (await queue.given()).claim
    end = Disposition("no-answer", None, None)
    first = await queue.holding.dispose("ana", claim.claim_id, claim.fence, end)
    again = await queue.holding.dispose("ana", claim.claim_id, claim.fence, end)
    assert first.closed_at == again.closed_at
    assert len(await queue.told()) == 3


async def test_another_result_for_an_ended_claim_is_refused(queue: Queue) -> None:
    await queue.lead()
    given = await queue.given()
    await queue.dispose(given, "no-answer")
    with pytest.raises(Problem) as problem:
        await queue.dispose(given, "interested")
    assert refused(problem) == (409, "already-closed")


async def test_a_result_code_that_was_not_offered_is_refused_with_those_that_were(
    queue: Queue,
) -> None:
    await queue.lead()
    given = await queue.given()
    with pytest.raises(Problem) as problem:
        await queue.dispose(given, "sold-the-moon")
    assert refused(problem) == (422, "unknown-result-code")
    assert "no-answer, interested" in problem.value.detail
    await queue.dispose(given)


async def test_a_note_is_sealed_with_the_leads_key(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.dispose(await queue.given(), note="Call Ada on Monday")
    sealed = (await queue.told())[1].data.sealed_note
    async with queue.pool.connection() as conn:
        key = (await queue.vault.keys(conn, [lead.id]))[lead.id]
    assert unseal(key, lead.id, sealed) == b"Call Ada on Monday"


async def test_the_next_plan_is_served_after_the_answered_one(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.dispose(await queue.given())
    await queue.fold(lead.planned(attempts=1))
    given = await queue.given()
    assert (given.claim.lead_id, given.claim.fence) == (lead.id, 2)


async def test_a_renewed_lease_lasts_longer_than_before(queue: Queue) -> None:
    await queue.lead()
    claim = (await queue.given()).claim
    renewed = await queue.holding.renew("ana", claim.claim_id, claim.fence)
    assert renewed.leased_until > claim.leased_until


async def test_a_released_lead_goes_to_another_rep_but_not_back_to_the_same(
    queue: Queue,
) -> None:
    lead = await queue.lead()
    claim = (await queue.given(ANA)).claim
    for _ in range(2):
        await queue.holding.release("ana", claim.claim_id, claim.fence, "wrong language")
    assert await queue.next(ANA) is None
    assert await queue.next(BEN) == lead.id
    assert [event.data.type for event in await queue.told()] == [
        "lead-claimed",
        "claim-released",
        "lead-claimed",
    ]


@pytest.mark.parametrize("action", ["renew", "release", "dispose"])
async def test_a_stale_fence_is_refused(queue: Queue, action: str) -> None:
    await queue.lead()
    claim = (await queue.given()).claim
    with pytest.raises(Problem) as problem:
        await act(queue, action, "ana", claim.claim_id, claim.fence + 1)
    assert refused(problem) == (409, "stale-fence")


@pytest.mark.parametrize("action", ["renew", "release"])
async def test_a_lost_lease_is_refused_even_before_anybody_noticed(
    queue: Queue, action: str
) -> None:
    await queue.lead()
    given = await queue.given()
    await queue.run_out(given)
    with pytest.raises(Problem) as problem:
        await act(queue, action, "ana", given.claim.claim_id, given.claim.fence)
    assert refused(problem) == (409, "lease-lost")


@pytest.mark.parametrize("action", ["renew", "release", "dispose"])
async def test_a_claim_of_another_rep_does_not_exist(queue: Queue, action: str) -> None:
    await queue.lead()
    claim = (await queue.given(ANA)).claim
    for claim_id in (claim.claim_id, uuid4()):
        with pytest.raises(Problem) as problem:
            await act(queue, action, "ben", claim_id, claim.fence)
        assert refused(problem) == (404, "unknown-claim")


async def test_a_plan_that_changed_in_a_reps_hands_is_disposed_as_it_was_given(
    queue: Queue,
) -> None:
    lead = await queue.lead()
    given = await queue.given()
    await queue.fold(lead.planned(attempts=1, result_codes=("other",), due_at=NOW))
    assert (await queue.given()).claim.plan == given.claim.plan
    await queue.dispose(given)
    assert (await queue.told())[1].data.plan_id == given.claim.plan.plan_id
    assert (await queue.given()).claim.plan.result_codes == ("other",)


async def act(queue: Queue, action: str, rep_id: str, claim_id: UUID, fence: int) -> None:
    match action:
        case "renew":
            await queue.holding.renew(rep_id, claim_id, fence)
        case "release":
            await queue.holding.release(rep_id, claim_id, fence, "no time")
        case _:
            end = Disposition("no-answer", None, None)
            await queue.holding.dispose(rep_id, claim_id, fence, end)
