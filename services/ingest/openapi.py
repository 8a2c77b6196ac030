"""What /openapi.json says of ingest's doors: they read raw bytes, so nothing is derived."""

from typing import Any, Final

from services.ingest.connectors import shopify


def _header(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 200}
    told = {"name": name, "in": "header", "required": True, "schema": schema}
    return {**told, "description": description}


def _json(description: str) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": {}}}
    return {"required": True, "description": description, "content": content}


LEADS: Final[dict[str, Any]] = {
    "security": [{"bearer": []}],
    "parameters": [_header("Idempotency-Key", "One a request, the same for each retry.")],
    "requestBody": _json("An mql-received (see the catalogue of events), or 1 to 100 in a list."),
}
EVENTS: Final[dict[str, Any]] = {
    "security": [{"bearer": []}],
    "parameters": [_header("Idempotency-Key", "One a request, the same for each retry.")],
    "requestBody": _json(
        "An event-received (see the catalogue of events), or 1 to 100 in a list."
    ),
}
SHOPIFY: Final[dict[str, Any]] = {
    "parameters": [
        _header("X-Shopify-Hmac-Sha256", "base64 of HMAC-SHA256 over the raw body."),
        _header("X-Shopify-Webhook-Id", "The delivery: the same for each retry."),
        _header("X-Shopify-Topic", f"One of: {', '.join(shopify.TOPICS)}."),
    ],
    "requestBody": _json("As Shopify documents it for the topic."),
}
PLAYBOOK: Final[dict[str, Any]] = {
    "requestBody": _json("The playbook as JSON, as `touchline playbook publish` sends it."),
}
