"""Leads who come in, and whom the list of numbers and domains opts out."""

from typing import Any
from uuid import UUID

import orjson

from schemas.events.lead import OptedOut
from tests.integration.ingest.harness import Ingest

ANN = {"email": "ann@acme.example", "phone": "+49 30 1234567"}
BOB = {"email": "Bob@ACME.example", "phone": "030 1234567", "country": "DE"}
CAT = {"email": "cat@other.example", "phone": "+49 30 7654321"}
DAN = {"email": "dan@gmail.com"}


async def come_in(ingest: Ingest, *people: dict[str, str]) -> list[UUID]:
    """The ids of these leads, who come in by one request."""
    key = f"key-{len(await ingest.facts())}"
    answer = await ingest.leads(orjson.dumps(people), key)
    assert answer.status_code == 202, answer.text
    return [UUID(lead["lead_id"]) for lead in answer.json()["leads"]]


async def opted_out(ingest: Ingest) -> list[tuple[UUID, str]]:
    """Whom facts opt out, and of what, in their order; each for the list's reason."""
    facts = [one.data for one in await ingest.facts() if isinstance(one.data, OptedOut)]
    assert {fact.reason for fact in facts} <= {"do-not-contact"}
    return [(fact.lead_id, fact.channel) for fact in facts]


def answer(changed: bool, leads: int, listed: bool = True) -> dict[str, Any]:
    """What a listing is answered with."""
    return {"listed": listed, "changed": changed, "leads": leads}
