"""The handoff service as it runs: a qualification in, a lead for the CRM out, its answer back."""

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from uuid import UUID, uuid4

import orjson
import psycopg

from schemas.codec import Message
from schemas.topics import LEAD_EVENTS, QUARANTINE, SQL_ACK, SQL_HANDOFF, TOPICS
from services.runtime.kafka import topics
from services.runtime.outbox.frames import Outgoing
from services.runtime.vault import Vault, seal
from tests.integration.delivery.wire import read, until, write
from tests.integration.handoff.desk import AT, KEK, PERSON, Lead
from tests.integration.prioritizer.process import numbered, running
from tests.integration.prioritizer.test_process import events
from tests.real_servers import OwnServers

KEY = "the key of acme"
ENV = {
    "TOUCHLINE_VAULT_KEY": base64.b64encode(KEK).decode(),
    "TOUCHLINE_CRM_KEYS": json.dumps({"acme": sha256(KEY.encode()).hexdigest()}),
}


async def test_a_qualified_lead_reaches_the_crm_and_its_answer_the_log(
    own_servers: Callable[[], OwnServers],
) -> None:
    servers = own_servers().servers
    bootstrap = servers.kafka_bootstrap
    topics.apply(servers.brokers, TOPICS)
    with running("services.handoff", servers, ENV) as crm:
        lead = await lead_with_a_key(servers.database_url)
        await write(bootstrap, numbered([lead.entered(), lead.qualified(), lead.qualified()]))
        (sql,) = await events(bootstrap, SQL_HANDOFF, 1)
        assert (sql.data.handoff_id, sql.data.sealed) == (lead.handoff_id, lead.sealed)
        path = f"/v1/handoffs/{lead.handoff_id}/person"
        answer = crm.get(path, headers={"Authorization": f"Bearer {KEY}"})
        assert answer.json()["person"] == PERSON
        await write(bootstrap, [ack(lead.handoff_id), ack(lead.handoff_id), ack(uuid4())])
        await until_quarantined(bootstrap, "unknown-handoff")
        (fact,) = await events(bootstrap, LEAD_EVENTS, 1)
        assert (fact.data.type, fact.data.lead_id) == ("handoff-accepted", lead.id)
        assert fact.envelope.source.startswith("/touchline/handoff/")


async def lead_with_a_key(url: str) -> Lead:
    lead = Lead()
    async with await psycopg.AsyncConnection.connect(url) as conn:
        key = (await Vault(KEK).keys_or_new(conn, [lead.id]))[lead.id]
    return Lead(lead.id, lead.enrolment_id, seal(key, lead.id, orjson.dumps(PERSON)))


def ack(handoff_id: UUID) -> Outgoing:
    """As a CRM writes it: on a partition of its choice, without sequence or schema."""
    headers = (
        ("ce_specversion", b"1.0"),
        ("ce_type", b"handoff-answered"),
        ("ce_source", b"/acme/crm"),
        ("ce_id", str(uuid4()).encode()),
    )
    answer = {"handoff_id": handoff_id, "status": "accepted", "crm": "acme", "at": AT}
    return Outgoing(SQL_ACK.name, 5, Message(b"any", orjson.dumps(answer), headers))


async def until_quarantined(bootstrap: str, code: str) -> None:
    async def there() -> bool:
        records = await read(bootstrap, QUARANTINE.name, QUARANTINE.partitions)
        return [dict(record.headers)["quarantine_code"] for record in records] == [code.encode()]

    await until(there)
