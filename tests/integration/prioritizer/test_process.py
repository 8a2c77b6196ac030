"""The prioritizer as it runs: decisions from Kafka, a rep over HTTP, facts to Kafka."""

import asyncio
import base64
import json
from collections.abc import Callable
from contextlib import ExitStack
from hashlib import sha256
from typing import Any

import httpx
import orjson
import psycopg

from schemas.codec import Message, decode
from schemas.envelope import Event
from schemas.topics import LEAD_EVENTS, LEAD_PRIORITY, QUEUE_EVENTS, TOPICS, Topic
from services.runtime.kafka import topics
from services.runtime.vault import Vault, seal
from tests.integration.delivery.wire import read, until, write
from tests.integration.prioritizer.decisions import TEAM, Lead
from tests.integration.prioritizer.process import numbered, running
from tests.integration.prioritizer.queue import KEK, PERSON
from tests.real_servers import OwnServers

KEY = "the key of ana"
REPS = {"ana": {"key_sha256": sha256(KEY.encode()).hexdigest(), "team": TEAM}}
ENV = {
    "TOUCHLINE_VAULT_KEY": base64.b64encode(KEK).decode(),
    "TOUCHLINE_REPS": json.dumps(REPS),
}
AS_ANA = {"Authorization": f"Bearer {KEY}"}


async def test_a_decision_becomes_a_lead_in_hand_and_a_disposition_becomes_a_fact(
    own_servers: Callable[[], OwnServers],
) -> None:
    servers = own_servers().servers
    bootstrap = servers.kafka_bootstrap
    topics.apply(servers.brokers, TOPICS)
    with running("services.prioritizer", servers, ENV) as rep:
        lead = await lead_with_a_key(servers.database_url)
        await write(bootstrap, numbered([lead.entered(), lead.planned()]))
        given = await next_lead(rep)
        assert given["lead"] == given["lead"] | {"id": str(lead.id), "person": PERSON}
        answer = rep.post(
            f"/v1/claims/{given['claim']['id']}/disposition",
            json={"fence": given["claim"]["fence"], "result_code": "interested"},
            headers=AS_ANA,
        )
        assert answer.status_code == 200
        (touch,) = await events(bootstrap, LEAD_EVENTS, 1)
        assert touch.data.plan_id == (await events(bootstrap, LEAD_PRIORITY, 1))[0].data.plan_id
        assert touch.envelope.source.startswith("/touchline/prioritizer/")
        queue = [one.data.type for one in await events(bootstrap, QUEUE_EVENTS, 3)]
        assert sorted(queue) == ["claim-disposed", "lead-claimed", "rep-clocked-in"]
        assert rep.post("/v1/queue/next", headers=AS_ANA).status_code == 204


async def test_who_watches_the_queue_does_not_keep_the_service_from_ending(
    own_servers: Callable[[], OwnServers],
) -> None:
    servers = own_servers().servers
    topics.apply(servers.brokers, TOPICS)
    with ExitStack() as watching:
        with running("services.prioritizer", servers, ENV) as rep:
            client = watching.enter_context(httpx.Client(base_url=rep.base_url, timeout=60))
            stream = client.stream("GET", "/v1/queue/events", headers=AS_ANA)
            lines = watching.enter_context(stream).iter_lines()
            assert next(lines) == "event: reload"
        assert "event: lead-planned" not in [*lines]


async def lead_with_a_key(url: str) -> Lead:
    lead = Lead()
    async with await psycopg.AsyncConnection.connect(url) as conn:
        key = (await Vault(KEK).keys_or_new(conn, [lead.id]))[lead.id]
    return Lead(lead.id, lead.enrolment_id, TEAM, seal(key, lead.id, orjson.dumps(PERSON)))


async def next_lead(rep: httpx.Client) -> dict[str, dict[str, object]]:
    answer = httpx.Response(204)

    async def served() -> bool:
        nonlocal answer
        answer = await asyncio.to_thread(rep.post, "/v1/queue/next", headers=AS_ANA)
        return answer.status_code == 200

    await until(served)
    given: dict[str, dict[str, object]] = answer.json()
    return given


async def events(bootstrap: str, topic: Topic, count: int) -> list[Event[Any]]:
    found: list[Event[Any]] = []

    async def there() -> bool:
        records = await read(bootstrap, topic.name, topic.partitions)
        messages = [Message(record.key, record.value, record.headers) for record in records]
        found[:] = [decode(message, topic.messages) for message in messages if message.value]
        return len(found) >= count

    await until(there)
    assert len(found) == count
    return found
