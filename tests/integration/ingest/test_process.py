"""Ingest as a process between a real broker and a real database: streams, kill -9 and restart."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import orjson

from schemas.topics import LEAD_EVENTS, MQL_RECEIVED, QUARANTINE, TOUCH_RECEIVED
from tests.history import raw
from tests.integration.ingest.harness import SOURCE_KEY
from tests.integration.ingest.process import (
    PATIENCE_SECONDS,
    Process,
    cloud_event,
    produce,
    until,
    until_answered,
)
from tests.integration.ingest.test_playbook import many
from tests.real_servers import OwnServers

LEADS = 300


def mql(id_: str, **fields: object) -> tuple[bytes, list[tuple[str, bytes]]]:
    return orjson.dumps(fields), cloud_event("mql-received", id_)


def structured(id_: str, **fields: object) -> tuple[bytes, list[tuple[str, bytes]]]:
    event = {"specversion": "1.0", "type": "mql-received", "source": "/crm/leads", "id": id_}
    value = orjson.dumps(event | {"data": fields})
    return value, [("content-type", b"application/cloudevents+json; charset=UTF-8")]


async def test_what_others_write_to_kafka_comes_in_once(own: OwnServers, process: Process) -> None:
    """The first record lies there before a playbook is in force, and waits for it.

    Who answers has no colleague, as it is chance which of two topics is read first.
    """
    produce(own, MQL_RECEIVED.name, [mql("1", email="ann@lone.example", country="DE")])
    until(lambda: "no playbook is published" in process.output.read_text())
    await process.publish()

    good = structured("2", email="bob@acme.example")
    records = [
        mql("1", email="ann@lone.example", country="DE"),
        mql("1", email="other@acme.example"),
        good,
        good,
        (b"no json", cloud_event("mql-received", "3")),
        (b'{"email": "a@b.example", "email": "c@d.example"}', cloud_event("mql-received", "4")),
        mql("5", email="cat@acme.example", time_zone="Mars/Base"),
        (b"{}", cloud_event("mql-recieved", "6")),
        mql("7", email="dan@acme.example"),
    ]
    touch = {"channel": "email", "occurred_at": "2026-03-02T09:00:00Z"}
    replied = orjson.dumps(
        touch | {"outcome": "replied", "identity": {"email": "ANN@lone.example"}}
    )
    produce(own, MQL_RECEIVED.name, records)
    bounced, paused, removed = (
        orjson.dumps({"event": event, "identity": {"email": "bob@acme.example"}} | more)
        for event, more in (
            ("bounced", {"channel": "email"}),
            ("enrolment-paused", {}),
            ("enrolment-removed", {}),
        )
    )
    touches = [
        *[(replied, cloud_event("touch-received", "8"))] * 2,
        *[(bounced, cloud_event("event-received", "9"))] * 2,
        (paused, cloud_event("event-received", "10")),
        (removed, cloud_event("removal-received", "11")),
    ]
    produce(own, TOUCH_RECEIVED.name, touches)
    until(lambda: process.count("select count(*) from ingest.inbox") == 5)
    until(lambda: len(list(raw(own.servers.kafka_bootstrap, QUARANTINE))) >= 7)

    facts = process.facts()
    by_type = sorted(type(one.event.data).type for one in facts)
    assert by_type == ["bounced", *["lead-created"] * 3, "reply-received"]
    (reply,) = [one for one in facts if type(one.event.data).type == "reply-received"]
    (created,) = [
        one
        for one in facts
        if one.event.data.lead_id == reply.event.data.lead_id and one is not reply
    ]
    assert created.partition == reply.partition
    assert created.event.data.features.source == "/crm/leads"

    aside = [message for _, _, message in raw(own.servers.kafka_bootstrap, QUARANTINE)]
    codes = [dict(message.headers)["quarantine_code"] for message in aside]
    refused = ["id-conflict", *["invalid"] * 2, *["not-allowed"] * 2, "not-json", "unknown-type"]
    assert sorted(codes) == [code.encode() for code in refused]
    assert {message.value for message in aside} == {
        value for value, _ in (records[1], *records[4:8], *touches[-2:])
    }


async def test_what_was_answered_2xx_survives_kill_9(
    own: OwnServers, process: Process, tmp_path: Path
) -> None:
    """Every sender repeats its request under its key until it has an answer."""
    await process.publish()
    answered: list[str] = []
    a_third = asyncio.Event()

    async def send(client: httpx.AsyncClient, n: int) -> None:
        content = json.dumps({"email": f"lead-{n}@kill.example"}).encode()
        headers = {"authorization": f"Bearer {SOURCE_KEY}", "idempotency-key": f"kill-{n}"}
        answer = await until_answered(client, "POST", "/v1/leads", content, headers)
        assert answer.status_code == 202, answer.text
        answered.append(answer.json()["leads"][0]["fact_id"])
        if len(answered) >= LEADS // 3:
            a_third.set()

    async def sender(client: httpx.AsyncClient, numbers: Iterator[int]) -> None:
        for n in numbers:
            await send(client, n)

    async def killer() -> Process:
        await a_third.wait()
        process.kill()
        return Process.start(own, process.port, tmp_path / "again.log")

    numbers = iter(range(LEADS))
    async with (
        httpx.AsyncClient(base_url=process.url, timeout=20) as client,
        asyncio.timeout(PATIENCE_SECONDS),
        asyncio.TaskGroup() as group,
    ):
        killing = group.create_task(killer())
        for _ in range(8):
            group.create_task(sender(client, numbers))
    again = killing.result()
    try:
        logged = [str(one.event.envelope.id) for one in again.facts()]
    finally:
        again.kill()

    assert len(set(answered)) == LEADS
    assert set(answered) <= set(logged)
    assert len(set(logged)) == len(logged) == LEADS


async def test_a_playbook_of_a_thousand_cadences_reaches_every_partition(
    own: OwnServers, process: Process
) -> None:
    await process.publish(many(1_000))
    until(lambda: process.count("select count(*) from ingest.outbox") == 0)

    published = list(raw(own.servers.kafka_bootstrap, LEAD_EVENTS))
    assert sorted(partition for partition, _, _ in published) == list(range(12))
    assert all(b"cadence-999" in (message.value or b"") for _, _, message in published)
