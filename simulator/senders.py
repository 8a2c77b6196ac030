"""The systems that send leads: an API client, a shop's signed webhooks, a producer on Kafka."""

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx
import orjson
from kafka import KafkaProducer
from kafka.errors import KafkaError

from schemas import topics
from simulator.people import Person

SOURCE = "/simulator/marketing"


PATIENCE_S = 180.0
"""Longer than any outage that the fault runs bring about."""


class NotTaken(Exception):
    """A sender gave up; what it wanted to send is nowhere."""

    def __init__(self, seconds: float, cause: Exception) -> None:
        super().__init__(
            f"A sender was refused for {seconds:.0f} s, last by {type(cause).__name__}: {cause}."
            " See whether broker and database answer, and what the services' logs say."
        )


class Sender(Protocol):
    """Sends one person as a lead; returning means that the other side has it for good."""

    name: str

    async def send(self, person: Person) -> None: ...


async def until_taken(
    send: Callable[[Person], Awaitable[None]], lead: Person, patience_s: float = PATIENCE_S
) -> int:
    """As well-behaved senders do: again until it is accepted, with the same key.

    Answers how often it was refused before. Raises NotTaken when the patience ends.
    """
    deadline, refused = time.monotonic() + patience_s, 0
    while True:
        try:
            await send(lead)
        except (httpx.HTTPError, KafkaError) as error:
            if time.monotonic() > deadline:
                raise NotTaken(patience_s, error) from error
            refused += 1
            await asyncio.sleep(0.5)
        else:
            return refused


class ApiClient:
    """A web form's backend, posting to `POST /v1/leads`."""

    name = "api"

    def __init__(self, http: httpx.AsyncClient, key: str) -> None:
        self._http = http
        self._key = key

    async def send(self, person: Person) -> None:
        answer = await self._http.post(
            "/v1/leads",
            content=orjson.dumps(as_mql(person)),
            headers={
                "Authorization": f"Bearer {self._key}",
                "Idempotency-Key": person.email,
                "Content-Type": "application/json",
            },
        )
        answer.raise_for_status()


class Shop:
    """A Shopify shop, posting `customers/create` with its signature over the raw body."""

    name = "shopify"

    def __init__(self, http: httpx.AsyncClient, secret: str) -> None:
        self._http = http
        self._secret = secret.encode()

    async def send(self, person: Person) -> None:
        body = orjson.dumps(as_customer(person))
        digest = hmac.new(self._secret, body, hashlib.sha256).digest()
        answer = await self._http.post(
            "/v1/webhooks/shopify",
            content=body,
            headers={
                "X-Shopify-Topic": "customers/create",
                "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
                "X-Shopify-Webhook-Id": f"customer-{person.email}",
                "X-Shopify-Shop-Domain": "joes-garage.example",
                "Content-Type": "application/json",
            },
        )
        answer.raise_for_status()


class MailTool:
    """A mail tool that reports, on sales.touch.received.v1, who answered."""

    def __init__(self, producer: KafkaProducer) -> None:
        self._producer = producer

    async def reply(self, person: Person) -> None:
        """Reports that the person answered a mail."""
        await asyncio.to_thread(self._report, person)

    def _report(self, person: Person) -> None:
        seen = {
            "identity": {"email": person.email},
            "outcome": "replied",
            "channel": "email",
            "occurred_at": datetime.now(UTC).isoformat(),
        }
        self._producer.send(
            topics.TOUCH_RECEIVED.name,
            key=person.email.encode(),
            value=orjson.dumps(seen),
            headers=cloud_event("touch-received", f"reply-{person.email}"),
        ).get(timeout=30)


class MarketingProducer:
    """Marketing automation, producing CloudEvents to sales.mql.received.v1."""

    name = "kafka"

    def __init__(self, producer: KafkaProducer) -> None:
        self._producer = producer

    async def send(self, person: Person) -> None:
        await asyncio.to_thread(self._produce, person)

    def _produce(self, person: Person) -> None:
        self._producer.send(
            topics.MQL_RECEIVED.name,
            key=person.email.encode(),
            value=orjson.dumps(as_mql(person)),
            headers=cloud_event("mql-received", f"mql-{person.email}"),
        ).get(timeout=30)


def cloud_event(type_: str, id_: str) -> list[tuple[str, bytes]]:
    """Headers of a CloudEvent in binary mode, as another team would write them."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_type", type_.encode()),
        ("ce_source", SOURCE.encode()),
        ("ce_id", id_.encode()),
        ("content-type", b"application/json"),
    ]


def as_mql(person: Person) -> Mapping[str, Any]:
    """The person as an MQL of the public API."""
    return {
        "email": person.email,
        "phone": person.phone,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company": person.company,
        "country": person.country,
        "time_zone": person.time_zone,
        "campaign": "autumn-fair",
        "consent": {"email": "granted", "call": "granted"},
    }


def as_customer(person: Person) -> Mapping[str, Any]:
    """The person as a Shopify customer (shape: shopify.dev, customers/create)."""
    return {
        "id": 7_000_000_000 + person.number,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "phone": person.phone,
        "state": "enabled",
        "tags": "autumn-fair",
        "verified_email": True,
        "email_marketing_consent": {"state": "subscribed", "opt_in_level": "single_opt_in"},
        "default_address": {"company": person.company, "country_code": person.country},
    }
