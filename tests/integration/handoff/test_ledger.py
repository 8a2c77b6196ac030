"""Each qualification is handed off once, with what the lead entered with."""

from schemas.codec import decode
from schemas.topics import SQL_HANDOFF
from services.runtime.fold.fold import Outcome
from tests.integration.handoff.desk import Desk, Lead


def handed_off(outcome: Outcome) -> list[object]:
    return [decode(one.message, SQL_HANDOFF.messages).data for one in outcome.publications]


async def test_a_qualified_lead_goes_to_the_crm_with_features_and_sealed_person(
    desk: Desk,
) -> None:
    lead = await desk.lead()
    await desk.fold(lead.entered())
    qualified = lead.qualified()
    outcome = await desk.fold(qualified)
    event = decode(outcome.publications[0].message, SQL_HANDOFF.messages)
    assert event.data.handoff_id == lead.handoff_id
    assert event.data.sealed == lead.sealed
    assert event.data.features.country == "DE"
    assert (event.data.rep_id, event.data.attempts) == ("ana", 2)
    assert event.envelope.cause == qualified.envelope.id


async def test_the_crm_gets_the_lead_as_it_was_told_last(desk: Desk) -> None:
    lead = await desk.lead()
    told = lead.updated("new", country="AT"), lead.updated(score=9)
    outcome = await desk.fold(lead.entered(), *told, lead.qualified())
    (sent,) = [decode(one.message, SQL_HANDOFF.messages).data for one in outcome.publications]
    assert (sent.sealed, sent.features.country, sent.features.score) == ("new", "AT", 9)
    assert sent.features.source == "web-form"


async def test_what_was_told_of_several_leads_at_once_is_each_ones_own_in_its_order(
    desk: Desk,
) -> None:
    one, other = await desk.lead(), await desk.lead()
    told = (
        one.updated("old", country="AT", region="9", score=1),
        other.updated(score=5, language="fr"),
        one.updated("new", score=2),
        one.updated(country="CH"),
    )
    await desk.fold(one.entered(), other.entered(), *told)
    outcome = await desk.fold(one.qualified(), other.qualified())
    first, second = [
        decode(one.message, SQL_HANDOFF.messages).data for one in outcome.publications
    ]
    assert (first.sealed, first.features.score) == ("new", 2)
    assert (first.features.country, first.features.region) == ("CH", None)
    assert (second.sealed, second.features.country) == (other.sealed, "DE")
    assert (second.features.score, second.features.language) == (5, "fr")


async def test_a_second_qualification_of_the_enrolment_publishes_nothing(desk: Desk) -> None:
    lead = await desk.handed_off()
    outcome = await desk.fold(lead.entered(), lead.qualified())
    assert outcome == Outcome([], [])


async def test_a_qualification_twice_in_a_batch_is_handed_off_once(desk: Desk) -> None:
    lead = await desk.lead()
    outcome = await desk.fold(lead.entered(), lead.qualified(), lead.qualified())
    assert len(handed_off(outcome)) == 1


async def test_a_second_enrolment_is_a_second_handoff(desk: Desk) -> None:
    lead = await desk.handed_off()
    again = Lead(id=lead.id)
    outcome = await desk.fold(again.entered(), again.qualified())
    assert len(handed_off(outcome)) == 1
    assert len(await desk.rows("select from handoff.handoffs")) == 2


async def test_qualification_and_end_may_come_in_either_order(desk: Desk) -> None:
    one, other = await desk.lead(), await desk.lead()
    await desk.fold(one.entered(), other.entered())
    await desk.fold(one.ended("qualified"))
    outcome = await desk.fold(one.qualified(), other.qualified(), other.ended("qualified"))
    assert len(handed_off(outcome)) == 2


async def test_an_enrolment_that_came_to_nothing_is_forgotten(desk: Desk) -> None:
    lead = await desk.lead()
    await desk.fold(lead.entered(), lead.ended("exhausted"))
    assert await desk.rows("select from handoff.enrolments") == []


async def test_a_qualification_of_nothing_known_is_refused(desk: Desk) -> None:
    known = await desk.lead()
    outcome = await desk.fold(Lead().qualified(), known.entered(), known.qualified())
    assert [refusal.code for refusal in outcome.refusals] == ["unknown-enrolment"]
    assert len(outcome.publications) == 1
