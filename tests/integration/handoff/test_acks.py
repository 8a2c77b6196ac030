"""The CRM's first answer becomes a fact, and no later one does."""

import asyncio
from uuid import uuid4

import pytest

from tests.integration.handoff.desk import AT, Desk, crm_said


@pytest.mark.parametrize(
    ("status", "type_", "state"),
    [
        ("accepted", "handoff-accepted", "accepted"),
        ("duplicate", "handoff-accepted", "accepted"),
        ("rejected", "handoff-rejected", "rejected"),
    ],
)
async def test_an_answer_becomes_a_fact_of_the_lead(
    desk: Desk, status: str, type_: str, state: str
) -> None:
    lead = await desk.handed_off()
    answer = lead.answered(status)
    await desk.answer(answer)
    (fact,) = await desk.told()
    assert (fact.data.type, fact.data.lead_id, fact.data.occurred_at) == (type_, lead.id, AT)
    assert fact.data.recorded_at > AT
    assert fact.envelope.cause == answer.envelope.id
    (row,) = await desk.rows("select * from handoff.handoffs")
    assert (row["state"], row["crm"]) == (state, "acme")


async def test_the_first_answer_counts_within_a_batch_and_after_it(desk: Desk) -> None:
    lead = await desk.handed_off()
    await desk.answer(lead.answered("rejected"), lead.answered("accepted"))
    outcome = await desk.answer(lead.answered("accepted"), lead.answered("rejected"))
    assert outcome.refusals == []
    (fact,) = await desk.told()
    assert (fact.data.type, fact.data.reason_code) == ("handoff-rejected", "no budget")


async def test_answers_on_several_partitions_at_once_make_one_fact(desk: Desk) -> None:
    leads = [await desk.handed_off() for _ in range(5)]
    answers = [lead.answered() for lead in leads]
    await asyncio.gather(*(desk.answer(*answers[n:], *answers[:n]) for n in range(5)))
    assert len(await desk.told()) == len(leads)


async def test_an_answer_to_no_handoff_is_refused_and_the_others_count(desk: Desk) -> None:
    lead = await desk.handed_off()
    outcome = await desk.answer(crm_said(uuid4(), status="accepted"), lead.answered())
    assert [refusal.code for refusal in outcome.refusals] == ["unknown-handoff"]
    assert len(await desk.told()) == 1
