"""CloudEvents structured mode, and odd binary mode, turned into the form that decode reads."""

import base64
from collections.abc import Mapping
from typing import Any

from schemas.attributes import TRACEPARENT
from schemas.message import Undecodable
from schemas.strict_json import parse, written

STRUCTURED = b"application/cloudevents+json"

_ATTRIBUTES = (
    "specversion", "type", "source", "id", "dataschema", "sequence", "causationid", TRACEPARENT,
)  # fmt: skip


def as_binary(
    headers: Mapping[str, bytes | None], value: bytes | None
) -> tuple[Mapping[str, bytes], bytes | None]:
    """Headers in lower case and the data, of a message in either mode.

    Kafka tells upper from lower case in header names and keeps headers without a value; some
    clients write the first, and the second means absent. In structured mode everything is in the
    value, and other CloudEvents headers are passed over.
    """
    plain = {name.lower(): raw for name, raw in headers.items() if raw is not None}
    if not plain.get("content-type", b"").lower().startswith(STRUCTURED):
        return plain, value
    body = parse(value or b"")
    if not isinstance(body, dict):
        raise Undecodable("no-envelope", "a structured CloudEvent is a JSON object")
    attributes = {f"ce_{name}": _raw(body[name]) for name in _ATTRIBUTES if name in body}
    if TRACEPARENT in plain:
        attributes[TRACEPARENT] = plain[TRACEPARENT]
    return attributes, _data(body)


def _raw(attribute: object) -> bytes:
    """CloudEvents has strings, integers and booleans; what is none of them counts as absent."""
    if not isinstance(attribute, str | int):
        return b""
    return str(attribute).encode("utf-8", "surrogatepass")


def _data(body: Mapping[str, Any]) -> bytes | None:
    if "data" in body:
        return written(body["data"])
    if "data_base64" in body:
        return _from_base64(body["data_base64"])
    return None


def _from_base64(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError):
        raise Undecodable("invalid", "data_base64 is not base64") from None
