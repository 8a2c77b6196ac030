"""The HTTP doors on a real database, without the broker, and what they say of themselves."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx
from starlette.types import ASGIApp

from services.handoff import service as handoff
from services.handoff.settings import Settings as HandoffSettings
from services.ingest import service as ingest
from services.prioritizer import service as prioritizer
from services.prioritizer.settings import Settings as QueueSettings
from services.runtime.doors.http import application
from services.runtime.process.service import Service
from services.sender import service as sender
from services.sender.settings import Settings as SenderSettings
from tests.integration.ingest.harness import OPERATOR_KEY, SOURCE_KEY, settings
from tests.integration.sender.post import LINKS, TEMPLATES

KEY = "a key of the tests"
DIGEST = sha256(KEY.encode()).hexdigest()
KEK = bytes(32)
BASE = "http://door"
MAIL = {
    "TOUCHLINE_TEMPLATES": str(TEMPLATES),
    "TOUCHLINE_MAIL_FROM": "Sales <sales@example.com>",
    "TOUCHLINE_UNSUBSCRIBE_URL": LINKS.url,
    "TOUCHLINE_UNSUBSCRIBE_SECRET": LINKS.secret.decode(),
    "TOUCHLINE_SMTP_HOST": "127.0.0.1",
    "TOUCHLINE_BOUNCE_KEYS": json.dumps({"mailbox": DIGEST}),
}


@dataclass(frozen=True)
class Door:
    """A service's door, put together as the service does it."""

    service: Service
    app: ASGIApp

    async def described(self) -> dict[str, Any]:
        """What /openapi.json says."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app)) as client:
            answer = await client.get(f"{BASE}/openapi.json")
        told: dict[str, Any] = answer.json()
        return told

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client of it, on a database with its tables."""
        transport = httpx.ASGITransport(self.app)
        async with self.service.pool, httpx.AsyncClient(transport=transport) as client:
            yield client


def _runtime(url: str) -> dict[str, str]:
    return {
        "TOUCHLINE_KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "TOUCHLINE_DATABASE_URL": url,
        "TOUCHLINE_HTTP_PORT": "0",
        "TOUCHLINE_VAULT_KEY": base64.b64encode(KEK).decode(),
    }


def _queue(url: str) -> Service:
    reps = json.dumps({"ana": {"key_sha256": DIGEST, "team": "sales"}})
    return prioritizer.build(QueueSettings.from_env(_runtime(url) | {"TOUCHLINE_REPS": reps}))


def _handoff(url: str) -> Service:
    keys = json.dumps({"acme": DIGEST})
    return handoff.build(HandoffSettings.from_env(_runtime(url) | {"TOUCHLINE_CRM_KEYS": keys}))


def _sender(url: str) -> Service:
    return sender.build(SenderSettings.from_env(_runtime(url) | MAIL))


BUILDS: Mapping[str, Callable[[str], Service]] = {
    "ingest": lambda url: ingest.build(settings(url)),
    "prioritizer": _queue,
    "handoff": _handoff,
    "sender": _sender,
}


def door(name: str, url: str = "postgresql://nowhere") -> Door:
    """The door of that service; without a database it can only be looked at."""
    service = BUILDS[name](url)
    return Door(service, application(name, service.routers, 262_144))


def credential(path: str) -> dict[str, str]:
    """What the caller of a route has to show."""
    keys = {
        "/v1/leads": SOURCE_KEY,
        "/v1/events": SOURCE_KEY,
        "/v1/enrolment-moves": OPERATOR_KEY,
        "/v1/playbook": OPERATOR_KEY,
        "/v1/do-not-contact": OPERATOR_KEY,
    }
    return {"Authorization": f"Bearer {keys.get(path, KEY)}"}
