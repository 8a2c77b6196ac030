"""What the table and its stream say after a batch of decisions."""

from datetime import timedelta

from schemas.codec import decode
from schemas.envelope import trace_id
from schemas.topics import LEAD_PRIORITY
from tests.integration.prioritizer.decisions import NOW, Lead
from tests.integration.prioritizer.queue import Queue

HOUR = timedelta(hours=1)


async def test_a_planned_touch_is_ranked_under_an_id_from_the_decision(queue: Queue) -> None:
    lead = Lead()
    plan = lead.planned()
    outcome = await queue.fold(lead.entered(), plan)
    (publication,) = outcome.publications
    ranked = decode(publication.message, LEAD_PRIORITY.messages)
    assert (ranked.data.lead_id, ranked.data.tier, ranked.data.team) == (lead.id, "new", "sales")
    assert ranked.envelope.cause == plan.envelope.id
    again = await queue.fold(lead.entered(), plan)
    assert again == outcome


async def test_the_end_of_a_cadence_leaves_a_tombstone(queue: Queue) -> None:
    lead = await queue.lead()
    ended = lead.ended()
    (publication,) = (await queue.fold(ended)).publications
    assert publication.message.key == str(lead.id).encode()
    assert publication.message.value is None
    told = dict(publication.message.headers)["traceparent"].decode()
    assert trace_id(told) == trace_id(ended.envelope.traceparent)
    assert await queue.next() is None


async def test_of_a_batch_each_leads_last_decision_counts_and_order_is_kept(
    queue: Queue,
) -> None:
    first, second = Lead(), Lead()
    outcome = await queue.fold(
        first.entered(),
        first.planned(),
        second.entered(),
        second.planned(),
        first.ended(),
    )
    keys = [publication.message.key for publication in outcome.publications]
    assert keys == [str(second.id).encode(), str(first.id).encode()]
    assert outcome.publications[1].message.value is None


async def test_when_a_lead_opened_does_not_depend_on_how_its_decisions_were_batched(
    queue: Queue,
) -> None:
    together, apart = Lead(), Lead()
    for lead in (together, apart):
        begun = (lead.entered(), lead.planned(not_before=NOW - HOUR), lead.paused())
        for batch in [begun] if lead is together else [(one,) for one in begun]:
            await queue.fold(*batch)
        await queue.fold(lead.planned(not_before=NOW))

    rows = await queue.rows("select opened_at, since from prioritizer.leads")
    assert [(row["opened_at"], row["since"]) for row in rows] == [(NOW - HOUR, NOW - HOUR)] * 2


async def test_a_later_batch_continues_the_row(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.fold(lead.ended())
    await queue.fold(lead.planned(activity="Second call"))
    assert (await queue.given()).claim.plan.activity == "Second call"


async def test_an_entry_while_a_touch_is_planned_keeps_the_plan(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.fold(lead.entered())
    assert await queue.next() == lead.id


async def test_a_move_to_another_version_keeps_the_plan(queue: Queue) -> None:
    lead = await queue.lead()
    outcome = await queue.fold(lead.moved(lead.team))
    assert (outcome.publications, outcome.refusals) == ([], [])
    assert await queue.next() == lead.id


async def test_a_move_gives_the_lead_to_the_team_of_its_version(queue: Queue) -> None:
    lead = await queue.lead()
    (publication,) = (await queue.fold(lead.moved("outbound"), lead.planned())).publications
    ranked = decode(publication.message, LEAD_PRIORITY.messages)
    assert ranked.data.team == "outbound"
    entered = await queue.fold(lead.moved("inbound"), lead.entered(), lead.planned())
    ranked = decode(entered.publications[0].message, LEAD_PRIORITY.messages)
    assert ranked.data.team == lead.team


async def test_what_is_told_of_a_lead_anew_takes_the_place_of_what_was_known(
    queue: Queue,
) -> None:
    lead = await queue.lead()
    told = lead.updated("new", country="AT"), lead.updated(score=9)
    outcome = await queue.fold(*told)
    (row,) = await queue.rows("select features, sealed, plan from prioritizer.leads")
    assert outcome.refusals == []
    assert (row["features"]["country"], row["features"]["score"]) == ("AT", 9)
    assert (row["features"]["source"], row["sealed"]) == ("web-form", "new")
    assert row["plan"] is not None


async def test_an_entry_is_not_changed_by_what_was_told_before_it(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.fold(lead.updated(score=9), lead.entered())
    (row,) = await queue.rows("select features from prioritizer.leads")
    assert row["features"]["score"] is None


async def test_a_plan_for_a_lead_that_never_entered_is_refused(queue: Queue) -> None:
    known = await queue.lead()
    outcome = await queue.fold(Lead().planned(), known.planned())
    assert [refusal.code for refusal in outcome.refusals] == ["unknown-lead"]
    assert len(outcome.publications) == 1


async def test_a_lead_that_an_experiment_holds_out_is_in_no_table_and_refuses_nothing(
    queue: Queue,
) -> None:
    outcome = await queue.fold(Lead().assigned("holdout"))
    assert (list(outcome.publications), list(outcome.refusals)) == ([], [])


async def test_what_is_told_of_an_experiment_changes_no_plan(queue: Queue) -> None:
    lead = await queue.lead()
    told = await queue.fold(lead.assigned("nine-touches"), lead.exposed())
    assert (list(told.publications), list(told.refusals)) == ([], [])
    assert await queue.next() == lead.id


async def test_an_answered_plan_that_is_projected_again_is_not_served_again(
    queue: Queue,
) -> None:
    lead = Lead()
    plan = lead.planned()
    async with queue.pool.connection() as conn:
        await queue.vault.keys_or_new(conn, [lead.id])
    await queue.fold(lead.entered(), plan)
    await queue.execute("update prioritizer.leads set answered_plan_id = plan_id")
    await queue.fold(lead.entered(), plan)
    assert await queue.next() is None
