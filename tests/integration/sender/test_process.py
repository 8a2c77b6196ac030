"""The sender as it runs: a request from Kafka, a mail to a mail server, a report to Kafka."""

import base64
from collections.abc import Callable
from uuid import uuid4

import orjson
import psycopg

from schemas.codec import SEQUENCE, Message, encode, sequence_header
from schemas.envelope import Envelope, Event
from schemas.events.request import TouchRequested
from schemas.topics import TOPICS, TOUCH_RECEIVED, TOUCH_REQUESTS
from services.runtime.kafka import topics
from services.runtime.outbox.frames import Outgoing
from services.runtime.vault import Vault, seal
from tests.integration.delivery.wire import until, write
from tests.integration.prioritizer.process import running
from tests.integration.prioritizer.test_process import events
from tests.integration.sender.post import ADA, CODE, KEK, LINKS, TEMPLATES, mail_server, requested
from tests.real_servers import OwnServers

ENV = {
    "TOUCHLINE_VAULT_KEY": base64.b64encode(KEK).decode(),
    "TOUCHLINE_TEMPLATES": str(TEMPLATES),
    "TOUCHLINE_MAIL_FROM": "Sales <sales@example.com>",
    "TOUCHLINE_UNSUBSCRIBE_URL": LINKS.url,
    "TOUCHLINE_UNSUBSCRIBE_SECRET": LINKS.secret.decode(),
    "TOUCHLINE_SMTP_HOST": "127.0.0.1",
    "TOUCHLINE_SMTP_SECURITY": "none",
}


async def test_a_request_becomes_a_mail_and_a_report(
    own_servers: Callable[[], OwnServers],
) -> None:
    servers = own_servers().servers
    topics.apply(servers.brokers, TOPICS)
    async with mail_server() as server:
        env = ENV | {"TOUCHLINE_SMTP_PORT": str(server.port)}
        with running("services.sender", servers, env):
            asked = await asked_for(servers.kafka_bootstrap, servers.database_url)

            async def sent() -> bool:
                return bool(server.taken)

            await until(sent)
            (told,) = await events(servers.kafka_bootstrap, TOUCH_RECEIVED, 1)
    assert [mail["Message-ID"] for mail in server.taken] == [f"<{asked.plan_id}@example.com>"]
    assert (told.data.event, told.data.plan_id) == ("touch-logged", asked.plan_id)
    assert (told.data.lead_id, told.data.result_code) == (asked.lead_id, CODE)
    assert told.envelope.source.startswith("/touchline/sender/")


async def asked_for(bootstrap: str, url: str) -> TouchRequested:
    """A request that was written twice, as a relay that crashed writes it."""
    lead_id = uuid4()
    async with await psycopg.AsyncConnection.connect(url) as conn:
        key = (await Vault(KEK).keys_or_new(conn, [lead_id]))[lead_id]
    asked = requested(lead_id, seal(key, lead_id, orjson.dumps(ADA)))
    message = encode(Event(Envelope(uuid4(), "/touchline/prioritizer/one"), asked))
    headers = (*message.headers, (SEQUENCE, sequence_header(1)))
    written = Message(message.key, message.value, headers)
    await write(bootstrap, [Outgoing(TOUCH_REQUESTS.name, 0, written)] * 2)
    return asked
