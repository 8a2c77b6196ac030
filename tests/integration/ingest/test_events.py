"""POST /v1/events on a real database: what tools saw and people decided, once, as facts."""

import asyncio

import orjson
import pytest

from schemas.events.fact import LeadFact
from schemas.events.lead import (
    Bounced,
    EnrolmentPaused,
    EnrolmentRemoved,
    LeadUpdated,
    OptedOut,
    ReplyReceived,
)
from tests.integration.ingest.harness import OPERATOR_KEY, Ingest

ANN = {"email": "ann@acme.example"}
REPLY = {"event": "reply-received", "identity": ANN, "channel": "email"}
PAUSE = {"event": "enrolment-paused", "identity": ANN, "until": "2026-12-01T08:00:00Z"}
REMOVAL = {"event": "enrolment-removed", "identity": ANN, "rep_id": "kim", "why": "duplicate"}


async def test_events_are_facts_about_the_lead_that_came_in(ingest: Ingest) -> None:
    """In the order of the list, under ids that repeat with the request."""
    await ingest.leads(orjson.dumps(ANN))
    bounce = {"event": "bounced", "identity": ANN, "channel": "email"}

    answer = await ingest.events(orjson.dumps([REPLY, bounce]))

    created, replied, bounced = await ingest.facts()
    assert answer.status_code == 202
    assert answer.json() == {
        "events": [
            {"lead_id": str(one.data.lead_id), "fact_id": str(one.envelope.id)}
            for one in (replied, bounced)
        ]
    }
    assert isinstance(replied.data, ReplyReceived)
    assert isinstance(bounced.data, Bounced)
    assert replied.data.occurred_at == replied.data.recorded_at
    assert {replied.data.lead_id, bounced.data.lead_id} == {created.data.lead_id}
    stored = await ingest.stored("sales.lead.events.v1")
    assert len({one.partition for one in stored[-3:]}) == 1


async def test_a_repetition_makes_no_second_fact_and_a_rival_is_refused(ingest: Ingest) -> None:
    answers = await asyncio.gather(*(ingest.events(orjson.dumps(REPLY)) for _ in range(20)))
    rival = await ingest.events(orjson.dumps(REPLY | {"channel": "sms"}))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert (rival.status_code, rival.json()["type"][-11:]) == (409, "id-conflict")
    assert len(await ingest.facts()) == 1


async def test_a_key_used_for_leads_is_free_for_events(ingest: Ingest) -> None:
    assert (await ingest.leads(orjson.dumps(ANN), "1")).status_code == 202
    assert (await ingest.events(orjson.dumps(REPLY), "1")).status_code == 202


@pytest.mark.parametrize(("told", "kind"), [(PAUSE, EnrolmentPaused), (REMOVAL, EnrolmentRemoved)])
async def test_only_an_operator_pauses_a_cadence_or_takes_a_lead_out_of_it(
    told: dict[str, object], kind: type[LeadFact], ingest: Ingest
) -> None:
    by_tool = await ingest.events(orjson.dumps([REPLY, told]))
    by_operator = await ingest.events(orjson.dumps(told), by=OPERATOR_KEY)

    assert (by_tool.status_code, by_operator.status_code) == (403, 202)
    assert by_tool.json()["errors"] == [
        {
            "field": "[1].event",
            "rule": f"{kind.type} is for people to say",
            "fix": "send it to POST /v1/events as an operator",
        }
    ]
    (fact,) = await ingest.facts()
    assert isinstance(fact.data, kind)


async def test_a_wrong_event_of_a_list_takes_none_in_and_is_kept(ingest: Ingest) -> None:
    raw = orjson.dumps([REPLY, REPLY | {"channel": "fax"}])

    answer = await ingest.events(raw)

    (aside,) = await ingest.quarantined()
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "[1].channel")
    assert aside.message.value == raw
    assert aside.headers["quarantine_door"] == "/v1/events"
    assert aside.headers["quarantine_source"] == "webshop"
    assert await ingest.facts() == []


async def test_an_update_is_a_fact_with_the_person_sealed_as_at_the_arrival(
    ingest: Ingest,
) -> None:
    await ingest.leads(orjson.dumps(ANN))
    update = {"event": "lead-updated", "identity": ANN, "first_name": "Ann", "country": "AT"}

    answer = await ingest.events(orjson.dumps([update, update | {"score": 3}]))

    created, first, second = await ingest.facts()
    assert answer.status_code == 202
    assert isinstance(first.data, LeadUpdated)
    assert first.data.lead_id == second.data.lead_id == created.data.lead_id
    assert first.data.features.told["time_zone"] == "Europe/Vienna"
    assert second.data.features.score == 3
    assert orjson.loads(await ingest.person(first.data)) == {**ANN, "first_name": "Ann"}
    assert b"Ann" not in b"".join(
        one.message.value or b"" for one in await ingest.stored("sales.lead.events.v1")
    )


async def test_a_new_number_that_is_on_the_list_opts_the_lead_out(ingest: Ingest) -> None:
    await ingest.leads(orjson.dumps(ANN))
    number = "+49 30 1234567"
    await ingest.do_not_contact(phone=number, channel="call")

    await ingest.events(orjson.dumps({"event": "lead-updated", "identity": ANN, "phone": number}))

    _, opted_out, updated = await ingest.facts()
    assert isinstance(opted_out.data, OptedOut)
    assert (opted_out.data.channel, opted_out.data.reason) == ("call", "do-not-contact")
    assert isinstance(updated.data, LeadUpdated)
