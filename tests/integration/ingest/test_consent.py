"""A later consent takes back the lead's own opt-out: through the doors, in the log, and by the
cadence that reads it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from engagement.cadence.decider import Partition
from engagement.cadence.state import Active
from schemas.codec import decode
from schemas.envelope import Event
from schemas.events.lead import ConsentGiven, OptedOut
from schemas.topics import LEAD_EVENTS, TOUCH_RECEIVED
from tests.history import log
from tests.integration.ingest.harness import SOURCE_KEY, Ingest
from tests.integration.ingest.process import Process, cloud_event, produce, until

ANN = {"email": "ann@acme.example"}
EARLIER, LATER = "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"


def opted_out(channel: str, at: str = EARLIER) -> dict[str, Any]:
    return {"event": "opted-out", "identity": ANN, "channel": channel, "occurred_at": at}


def consent(channel: str, at: str = LATER) -> dict[str, Any]:
    return {"event": "consent-given", "identity": ANN, "channel": channel, "occurred_at": at}


def cadence(log: Iterable[Event[Any]], lead_id: UUID) -> Active:
    """What the cadence knows of the lead by this log."""
    partition = Partition()
    for event in log:
        partition.apply(event)
    state = partition.states[lead_id]
    assert isinstance(state, Active)
    return state


async def heard(ingest: Ingest) -> Active:
    """The same, of the lead that came in."""
    (lead_id,) = {one.data.lead_id for one in await ingest.facts()}
    stored = await ingest.stored(LEAD_EVENTS.name)
    home = stored[-1].partition
    messages = [one.message for one in stored if one.partition == home]
    return cadence((decode(one, LEAD_EVENTS.messages) for one in messages), lead_id)


async def test_a_consent_after_an_opt_out_opens_the_channel_again(ingest: Ingest) -> None:
    await ingest.leads(orjson.dumps(ANN))
    refused = await ingest.events(orjson.dumps([opted_out("email"), opted_out("sms")]), "1")
    assert refused.status_code == 202
    assert {*(await heard(ingest)).opted_out} == {"email", "sms"}

    answers = [await ingest.events(orjson.dumps(consent("email")), "2") for _ in range(2)]

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    fact = (await ingest.facts())[-1]
    assert isinstance(fact.data, ConsentGiven)
    assert fact.data.channel == "email"
    assert fact.data.occurred_at.isoformat() == "2026-03-02T10:00:00+00:00"
    assert answers[0].json()["events"][0]["fact_id"] == str(fact.envelope.id)
    state = await heard(ingest)
    assert (state.opted_out, state.granted) == (("sms",), ("email",))


async def test_one_given_before_the_opt_out_takes_nothing_back(ingest: Ingest) -> None:
    await ingest.leads(orjson.dumps(ANN))
    told = [opted_out("email", LATER), consent("email", EARLIER), consent("all", EARLIER)]
    assert (await ingest.events(orjson.dumps(told))).status_code == 202
    state = await heard(ingest)
    assert "email" in state.opted_out
    assert "email" not in state.granted


async def test_what_an_operators_list_forbids_is_not_taken_back(ingest: Ingest) -> None:
    await ingest.leads(orjson.dumps(ANN))
    await ingest.events(orjson.dumps(opted_out("email")), "1")
    listed = await ingest.do_not_contact(domain="acme.example", channel="email")
    assert listed.status_code == 200, listed.text
    await ingest.events(orjson.dumps(consent("all")), "2")
    assert (await heard(ingest)).opted_out == ("email",)


@pytest.mark.parametrize("channel", ["fax", None])
async def test_a_consent_for_no_channel_is_refused(ingest: Ingest, channel: str | None) -> None:
    answer = await ingest.events(orjson.dumps(consent("email") | {"channel": channel}))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "channel"
    assert await ingest.facts() == []


async def test_on_kafka_too_it_comes_in_once_and_lies_in_the_log_behind_the_opt_out(
    process: Process,
) -> None:
    await process.publish()
    headers = {"authorization": f"Bearer {SOURCE_KEY}", "idempotency-key": "1"}
    async with httpx.AsyncClient(base_url=process.url, headers=headers, timeout=20) as client:
        for path, told in (("leads", ANN), ("events", [opted_out("email"), opted_out("call")])):
            answer = await client.post(f"/v1/{path}", content=orjson.dumps(told))
            assert answer.status_code == 202, answer.text
    record = orjson.dumps(consent("email")), cloud_event("consent-received", "9")
    produce(process.own, TOUCH_RECEIVED.name, [record, record])
    until(lambda: any(isinstance(one.event.data, ConsentGiven) for one in process.facts()))
    facts = [one.event.data for one in process.facts()]
    assert [type(one) for one in facts[1:]] == [OptedOut, OptedOut, ConsentGiven]

    lead_id = facts[0].lead_id
    partitions = log(process.own.servers.kafka_bootstrap, LEAD_EVENTS).values()
    (home,) = [
        logged
        for logged in partitions
        if any(getattr(one.event.data, "lead_id", None) == lead_id for one in logged)
    ]
    state = cadence((one.event for one in home), lead_id)
    assert (state.opted_out, state.granted) == (("call",), ("email",))
