"""POST /v1/leads on a real database: accepted once, sealed, and answered alike each time."""

import asyncio
import json

import orjson
import pytest

from schemas.events.lead import LeadCreated
from tests.integration.ingest.harness import Ingest

ANN = {"email": "ann@acme.example", "first_name": "Ann", "country": "DE"}
BOB = {"email": "bob@acme.example", "first_name": "Bob"}
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_an_accepted_lead_is_a_sealed_fact(ingest: Ingest) -> None:
    answer = await ingest.leads(orjson.dumps(ANN))

    (event,) = await ingest.facts()
    assert answer.status_code == 202
    assert answer.json() == {
        "leads": [{"lead_id": str(event.data.lead_id), "fact_id": str(event.envelope.id)}]
    }
    assert isinstance(event.data, LeadCreated)
    assert event.data.features.source == "webshop"
    assert event.data.occurred_at == event.data.recorded_at
    assert orjson.loads(await ingest.person(event.data)) == {
        "email": "ann@acme.example",
        "first_name": "Ann",
    }


async def test_a_fact_lies_where_kafka_clients_put_its_key(ingest: Ingest) -> None:
    await ingest.leads(orjson.dumps([ANN, BOB]))

    for stored in await ingest.stored("sales.lead.events.v1"):
        if stored.message.key is not None:
            assert (
                stored.message.key.decode() == json.loads(stored.message.value or b"")["lead_id"]
            )
            assert 0 <= stored.partition < 12


async def test_nothing_personal_is_in_the_database(ingest: Ingest) -> None:
    """Not in a key of the sender's either: what is kept of it outlives an erasure."""
    await ingest.leads(orjson.dumps(ANN), key="ann@acme.example")

    rows = await ingest.rows("select i::text from ingest.inbox i")
    rows += await ingest.rows("select o::text from ingest.outbox o where key is not null")
    assert len(rows) == 2
    assert not [row for (row,) in rows if "ann@" in row or b"ann@".hex() in row]


async def test_a_repetition_has_the_same_answer_and_makes_no_fact(ingest: Ingest) -> None:
    first = await ingest.leads(orjson.dumps([ANN, BOB]))
    again = await ingest.leads(orjson.dumps([ANN, BOB]))

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(await ingest.facts()) == 2


async def test_another_body_under_the_same_key_is_a_conflict(ingest: Ingest) -> None:
    await ingest.leads(orjson.dumps(ANN))
    answer = await ingest.leads(orjson.dumps(BOB))

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith("id-conflict")
    assert len(await ingest.facts()) == 1


async def test_a_person_who_comes_again_is_sealed_with_the_key_of_the_first_time(
    ingest: Ingest,
) -> None:
    await ingest.leads(orjson.dumps(ANN), key="first")
    await ingest.leads(orjson.dumps(ANN | {"title": "CTO"}), key="second")

    first, second = await ingest.facts()
    assert first.data.lead_id == second.data.lead_id
    assert orjson.loads(await ingest.person(first.data))["first_name"] == "Ann"
    assert orjson.loads(await ingest.person(second.data))["title"] == "CTO"


async def test_a_hundred_at_once_are_all_or_none(ingest: Ingest) -> None:
    hundred = [{"email": f"lead-{n}@acme.example"} for n in range(100)]

    refused = await ingest.leads(orjson.dumps([*hundred[:99], {"email": "lead"}]))
    accepted = await ingest.leads(orjson.dumps(hundred))

    assert (refused.status_code, accepted.status_code) == (422, 202)
    assert refused.json()["errors"][0]["field"] == "[99].email"
    ids = [lead["fact_id"] for lead in accepted.json()["leads"]]
    assert [str(event.envelope.id) for event in await ingest.facts()] == ids
    assert len(set(ids)) == 100


async def test_concurrent_repetitions_make_one_fact(ingest: Ingest) -> None:
    answers = await asyncio.gather(*(ingest.leads(orjson.dumps(ANN)) for _ in range(40)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert len(await ingest.facts()) == 1


async def test_of_concurrent_rivals_one_wins_and_the_rest_are_conflicts(ingest: Ingest) -> None:
    bodies = [orjson.dumps({"email": f"rival-{n}@acme.example"}) for n in range(20)]
    answers = await asyncio.gather(*map(ingest.leads, bodies))

    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 19
    assert len(await ingest.facts()) == 1


async def test_concurrent_leads_of_few_people_never_deadlock(ingest: Ingest) -> None:
    """Every request names the same ten people, in another order."""
    people = [{"email": f"person-{n}@acme.example"} for n in range(10)]
    bodies = [orjson.dumps(people[n % 10 :] + people[: n % 10]) for n in range(60)]
    answers = await asyncio.gather(
        *(ingest.leads(body, key=f"key-{n % 45}-{n % 10}") for n, body in enumerate(bodies))
    )

    assert {answer.status_code for answer in answers} == {202}
    events = await ingest.facts()
    assert len(events) == 10 * len({f"{n % 45}-{n % 10}" for n in range(60)})
    for event in events:
        await ingest.person(event.data)


async def test_a_trace_goes_on_and_a_malformed_one_begins_anew(ingest: Ingest) -> None:
    await ingest.leads(orjson.dumps(ANN), key="a", traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")
    await ingest.leads(orjson.dumps(BOB), key="b", traceparent="00-XYZ")

    first, second = await ingest.facts()
    assert (first.envelope.traceparent or "").split("-")[1] == TRACE
    assert (second.envelope.traceparent or "").split("-")[1] == second.envelope.id.hex


async def test_the_same_key_of_two_sources_is_two_messages(ingest: Ingest) -> None:
    by_form = await ingest.leads(orjson.dumps(ANN), key="1")
    by_shop = await ingest.webhook(orjson.dumps({"id": 7, "email": "ann@acme.example"}), id_="1")

    assert (by_form.status_code, by_shop.status_code) == (202, 202)
    assert len(await ingest.facts()) == 2


async def test_before_the_first_playbook_the_door_says_later(fresh: Ingest) -> None:
    answer = await fresh.leads(orjson.dumps(ANN))

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "touchline playbook publish" in answer.json()["detail"]
    assert await fresh.untouched()

    await fresh.publish()
    assert (await fresh.leads(orjson.dumps(ANN))).status_code == 202


async def test_a_flood_is_told_to_come_later(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ingest.accept.MOST_WAITING", 0)

    answer = await ingest.leads(orjson.dumps(ANN))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert await ingest.facts() == []
