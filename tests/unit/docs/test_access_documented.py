"""What the operations page lets each service do at the brokers is what the service does there."""

import base64
import importlib
import json
import re
from typing import get_type_hints

import pytest

from deploy.local.keys import digest
from schemas.topics import QUARANTINE
from services.runtime.process.environment import variables
from services.runtime.process.service import Service
from tests.unit.docs.pages import ROOT

SERVICES = ("ingest", "cadence", "prioritizer", "handoff", "sender")
ROW = re.compile(r"^\| (\w+) \| (`sales\..*?) \| (.*?) \| `touchline-(\w+)` \|$", re.MULTILINE)
ENV = {
    "TOUCHLINE_KAFKA_BOOTSTRAP": "nowhere:1",
    "TOUCHLINE_DATABASE_URL": "postgresql://nowhere",
    "TOUCHLINE_HTTP_PORT": "0",
    "TOUCHLINE_VAULT_KEY": base64.b64encode(bytes(32)).decode(),
    "TOUCHLINE_LEAD_ID_SECRET": "x" * 16,
    "TOUCHLINE_REPS": json.dumps({"ana": {"key_sha256": digest("ana's"), "team": "sales"}}),
    "TOUCHLINE_CRM_KEYS": json.dumps({"crm": digest("the CRM's")}),
    "TOUCHLINE_TEMPLATES": str(ROOT / "playbooks" / "templates"),
    "TOUCHLINE_MAIL_FROM": "sales@example.com",
    "TOUCHLINE_UNSUBSCRIBE_URL": "https://mail.example.com",
    "TOUCHLINE_UNSUBSCRIBE_SECRET": "x" * 16,
    "TOUCHLINE_SMTP_HOST": "nowhere",
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_what_it_does_and_no_more(name: str) -> None:
    told = {row[0]: row[1:] for row in ROW.findall((ROOT / "docs" / "operations.md").read_text())}
    reads, writes, group = told[name]
    service = _built(name)
    assert _names(reads) == {fold.topic.name for fold in service.folds}
    assert _names(writes) == {
        *(topic.name for topic in service.writes),
        *(fold.output.name for fold in service.folds if fold.output),
        QUARANTINE.name,
    }
    assert group == service.name


def _names(told: str) -> set[str]:
    return set(re.findall(r"`([\w.]+)`", told))


def _built(name: str) -> Service:
    build = importlib.import_module(f"services.{name}.service").build
    settings = get_type_hints(build)["settings"]
    env = {one: ENV[one] for one in variables(settings) if one in ENV}
    service: Service = build(settings.from_env(env))
    return service
