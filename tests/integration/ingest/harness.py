"""Ingest's doors on a real database, called in process; its outbox shows what they wrote."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psycopg

from engagement.playbook.reading import from_yaml
from schemas.codec import Headers, Message, decode
from schemas.envelope import Event
from schemas.events.lead import LeadCreated, LeadUpdated
from schemas.topics import LEAD_EVENTS, QUARANTINE
from services.ingest import service as ingest_service
from services.ingest.settings import Settings
from services.runtime import vault
from services.runtime.access.security import hmac_sha256_base64
from services.runtime.doors.http import application
from services.runtime.outbox.frames import unpack_headers
from services.runtime.process.service import Service
from services.runtime.vault import Vault

PLAYBOOK = from_yaml(
    (Path(__file__).parents[3] / "playbooks" / "seed-9-in-18.yaml").read_text(),
    "seed-9-in-18.yaml",
)
KEK = b"k" * 32
SOURCE_KEY, OPERATOR_KEY = "a source's key", "an operator's key"
SHOPIFY_SECRETS = ["the newer of two secrets", "the older of two secrets"]


@dataclass(frozen=True)
class Stored:
    """A row of the outbox."""

    topic: str
    partition: int
    message: Message

    @property
    def headers(self) -> dict[str, str]:
        """The headers as text."""
        return {name: value.decode() for name, value in self.message.headers}


@dataclass(frozen=True)
class Ingest:
    """Ingest under test, and what is in its database."""

    url: str
    service: Service
    client: httpx.AsyncClient

    async def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the query finds."""
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as conn:
            cursor = await conn.execute(sql.encode(), parameters, binary=True)
            return await cursor.fetchall() if cursor.description else []

    async def stored(self, topic: str) -> list[Stored]:
        """What the outbox holds for a topic, in order."""
        rows = await self.rows(
            "select topic, partition, key, value, headers from ingest.outbox"
            " where topic = %s order by id",
            topic,
        )
        return [
            Stored(topic, partition, Message(key, value, _headers(headers)))
            for topic, partition, key, value, headers in rows
        ]

    async def facts(self) -> list[Event[Any]]:
        """The facts in the outbox, playbooks apart."""
        stored = await self.stored(LEAD_EVENTS.name)
        events = [decode(one.message, LEAD_EVENTS.messages) for one in stored]
        return [event for event in events if hasattr(event.data, "lead_id")]

    async def quarantined(self) -> list[Stored]:
        """What was set aside."""
        return await self.stored(QUARANTINE.name)

    async def untouched(self) -> bool:
        """Whether nothing came in and nothing was set aside."""
        inbox = await self.rows("select 1 from ingest.inbox")
        return not (inbox or await self.facts() or await self.quarantined())

    async def person(self, lead: LeadCreated | LeadUpdated) -> bytes:
        """Whom the vault's key for the lead unseals."""
        async with await psycopg.AsyncConnection.connect(self.url) as conn:
            keys = await Vault(KEK).keys(conn, [lead.lead_id])
        return vault.unseal(keys[lead.lead_id], lead.lead_id, lead.sealed or "")

    async def publish(self) -> httpx.Response:
        """Bring the tests' playbook into force."""
        headers = {"authorization": f"Bearer {OPERATOR_KEY}"}
        return await self.client.put("/v1/playbook", content=PLAYBOOK.content, headers=headers)

    async def leads(
        self, content: bytes, key: str | None = "key-1", **more: str
    ) -> httpx.Response:
        """POST /v1/leads as a source that is known."""
        headers = {"authorization": f"Bearer {SOURCE_KEY}"} | more
        if key is not None:
            headers["idempotency-key"] = key
        return await self.client.post("/v1/leads", content=content, headers=headers)

    async def events(
        self, content: bytes, key: str = "key-1", by: str = SOURCE_KEY
    ) -> httpx.Response:
        """POST /v1/events as a source that is known, or as another holder of a key."""
        headers = {"authorization": f"Bearer {by}", "idempotency-key": key}
        return await self.client.post("/v1/events", content=content, headers=headers)

    async def do_not_contact(
        self, dry_run: bool = False, key: str | None = None, **told: object
    ) -> httpx.Response:
        """POST /v1/do-not-contact as an operator."""
        named = {"idempotency-key": key} if key else {}
        return await self.client.post(
            "/v1/do-not-contact",
            params={"dry_run": dry_run},
            json=told,
            headers={"authorization": f"Bearer {OPERATOR_KEY}"} | named,
        )

    async def moves(
        self, content: bytes, key: str = "key-1", by: str = OPERATOR_KEY
    ) -> httpx.Response:
        """POST /v1/enrolment-moves as the operator, or as another holder of a key."""
        headers = {"authorization": f"Bearer {by}", "idempotency-key": key}
        return await self.client.post("/v1/enrolment-moves", content=content, headers=headers)

    async def webhook(
        self, content: bytes, id_: str = "delivery-1", **more: str
    ) -> httpx.Response:
        """A webhook that Shopify signed."""
        headers = {
            "x-shopify-hmac-sha256": hmac_sha256_base64(SHOPIFY_SECRETS[0].encode(), content),
            "x-shopify-webhook-id": id_,
            "x-shopify-topic": "customers/create",
        }
        return await self.client.post(
            "/v1/webhooks/shopify", content=content, headers=headers | more
        )


def _headers(packed: bytes) -> Headers:
    return unpack_headers(packed)


@asynccontextmanager
async def opened(url: str, **more: str) -> AsyncIterator[Ingest]:
    """Ingest on a database with the tables, told `more` by its environment."""
    service = ingest_service.build(Settings.from_env(environment(url, "127.0.0.1:1", 0) | more))
    app = application(service.name, service.routers, service.settings.max_body_bytes)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        service.pool,
        httpx.AsyncClient(transport=transport, base_url="http://ingest") as client,
    ):
        yield Ingest(url, service, client)


def settings(url: str, bootstrap: str = "127.0.0.1:1", port: int = 0) -> Settings:
    """Settings with keys that the tests know."""
    return Settings.from_env(environment(url, bootstrap, port))


def environment(url: str, bootstrap: str, port: int) -> dict[str, str]:
    """The same, as a process is told them."""
    source, operator = (sha256(key.encode()).hexdigest() for key in (SOURCE_KEY, OPERATOR_KEY))
    secrets = ", ".join(f'"{secret}"' for secret in SHOPIFY_SECRETS)
    return {
        "TOUCHLINE_KAFKA_BOOTSTRAP": bootstrap,
        "TOUCHLINE_DATABASE_URL": url,
        "TOUCHLINE_HTTP_PORT": str(port),
        "TOUCHLINE_VAULT_KEY": base64.b64encode(KEK).decode(),
        "TOUCHLINE_LEAD_ID_SECRET": "a secret of the tests' own",
        "TOUCHLINE_API_KEYS": f'{{"webshop": "{source}"}}',
        "TOUCHLINE_OPERATOR_KEYS": f'{{"operator": "{operator}"}}',
        "TOUCHLINE_SHOPIFY_SECRETS": f"[{secrets}]",
    }
