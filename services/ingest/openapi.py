"""What /openapi.json says of ingest's doors: they read raw bytes, so nothing is derived."""

from functools import reduce
from operator import or_
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Field, TypeAdapter

from schemas.received.event import EventReceived, RemovalReceived
from schemas.received.lead import (
    ConsentReceived,
    DoNotContactReceived,
    LeadUpdateReceived,
    MqlReceived,
)
from services.ingest.connectors import shopify
from services.ingest.connectors.batch import MOST_ITEMS
from services.ingest.connectors.moves import Move


class Taken(BaseModel):
    """The lead that an item is about, and the fact that it became."""

    lead_id: UUID
    fact_id: UUID


class TakenLeads(BaseModel):
    """In the order of the request."""

    leads: list[Taken]


class TakenEvents(BaseModel):
    """In the order of the request."""

    events: list[Taken]


class TakenMoves(BaseModel):
    """In the order of the request."""

    moves: list[Taken]


class TakenWebhook(BaseModel):
    """What became of a webhook; `reason` where there is no lead in it, or it cannot be used."""

    status: Literal["accepted", "duplicate", "ignored", "set aside"]
    reason: str | None = None


class PublishedPlaybook(BaseModel):
    """The playbook in force; `published` is false where it was in force already."""

    playbook: str
    number: int
    digest: str
    published: bool


class TakenListing(BaseModel):
    """Whether it is on the list now, whether that is new, and how many leads were opted out."""

    listed: bool
    changed: bool
    leads: int


def _header(name: str, description: str, **schema: object) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 200, **schema}
    told = {"name": name, "in": "header", "required": True, "schema": schema}
    return {**told, "description": description}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"required": True, "description": description, "content": content}


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    """`node` without references: a schema inside a document has no definitions of its own."""
    if isinstance(node, list):
        return [_inlined(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(one, definitions) for key, one in node.items() if key != "$defs"}


def _one_or_several(*kinds: type[BaseModel]) -> dict[str, Any]:
    kind: Any = reduce(or_, kinds)
    some: Any = Annotated[list[kind], Field(min_length=1, max_length=MOST_ITEMS)]
    told = TypeAdapter[Any](kind | some).json_schema()
    inlined: dict[str, Any] = _inlined(told, told["$defs"])
    return inlined


LEADS: Final[dict[str, Any]] = {
    "security": [{"bearer": []}],
    "parameters": [_header("Idempotency-Key", "One a request, the same for each retry.")],
    "requestBody": _json(
        "An mql-received (see the catalogue of events), or several.", _one_or_several(MqlReceived)
    ),
}
EVENTS: Final[dict[str, Any]] = {
    "security": [{"bearer": []}],
    "parameters": [_header("Idempotency-Key", "One a request, the same for each retry.")],
    "requestBody": _json(
        "An event-received, a lead-update-received, a consent-received or a removal-received (see"
        " the catalogue of events), or several.",
        _one_or_several(EventReceived, LeadUpdateReceived, ConsentReceived, RemovalReceived),
    ),
}
MOVES: Final[dict[str, Any]] = {
    "security": [{"bearer": []}],
    "parameters": [_header("Idempotency-Key", "One a request, the same for each retry.")],
    "requestBody": _json(
        "What an enrolment-moved says besides its times (see the catalogue), or several.",
        _one_or_several(Move),
    ),
}
SHOPIFY: Final[dict[str, Any]] = {
    "parameters": [
        _header("X-Shopify-Hmac-Sha256", "base64 of HMAC-SHA256 over the raw body."),
        _header("X-Shopify-Webhook-Id", "The delivery: the same for each retry."),
        _header("X-Shopify-Topic", "What happened there.", enum=list(shopify.TOPICS)),
    ],
    "requestBody": _json(
        "As Shopify documents it for the topic. What cannot be read is set aside, and a 202.", {}
    )
    | {"required": False},
}
PLAYBOOK: Final[dict[str, Any]] = {
    "requestBody": _json(
        "The playbook as JSON, as `touchline playbook publish` sends it.", {"type": "object"}
    ),
}
DO_NOT_CONTACT: Final[dict[str, Any]] = {
    "requestBody": _json(
        "phone (and its country) or domain; channel; listed, false to unlist.",
        DoNotContactReceived.model_json_schema(),
    ),
}
