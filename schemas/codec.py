"""CloudEvents 1.0 on Kafka: binary mode is written, binary and structured mode are read.

Source: cloudevents/spec, bindings/kafka-protocol-binding.md and extensions/sequence.md. The
`cloudevents` library is the oracle for this module in the contract tests.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ValidationError

from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Fact

Headers = Sequence[tuple[str, bytes]]
ErrorCode = Literal[
    "no-envelope", "not-utf8", "not-json", "unknown-type", "unknown-version", "invalid"
]

STRUCTURED = b"application/cloudevents+json"
SCHEMA = "urn:touchline:schema:"
SEQUENCE = "ce_sequence"


@dataclass(frozen=True, slots=True)
class Message:
    """What Kafka keeps of a message. No value is a tombstone."""

    key: bytes | None
    value: bytes | None
    headers: Headers = ()


class Undecodable(ValueError):
    """The bytes are no message of this topic. The text names field and rule, never a value."""

    def __init__(self, code: ErrorCode, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def encode(event: Event[Fact]) -> Message:
    """The message for `event`, in binary mode. A sequence is added where it is known."""
    envelope, fact = event.envelope, event.data
    key = fact.key
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_type", fact.type.encode()),
        ("ce_source", envelope.source.encode()),
        ("ce_id", str(envelope.id).encode()),
        ("ce_time", fact.occurred_at.isoformat().encode()),
        ("ce_dataschema", f"{SCHEMA}{fact.type}:{fact.version}".encode()),
        ("content-type", b"application/json"),
    ]
    if key is not None:
        headers.append(("ce_subject", key))
    if envelope.cause is not None:
        headers.append(("ce_causationid", str(envelope.cause).encode()))
    if envelope.traceparent is not None:
        headers.append(("traceparent", envelope.traceparent.encode()))
    if envelope.sequence is not None:
        headers.append((SEQUENCE, sequence_header(envelope.sequence)))
    return Message(key, fact.__pydantic_serializer__.to_json(fact), tuple(headers))


def sequence_header(sequence: int) -> bytes:
    """Twenty digits, zero-padded, so that it sorts as text too."""
    return b"%020d" % sequence


def decode(message: Message, classes: Iterable[type[BaseModel]]) -> Event[Any]:
    """The event that `message` carries, as one of `classes`, newest version only.

    Raises Undecodable, with a code for each way in which a message can be wrong.
    """
    headers = dict(message.headers)
    if headers.get("content-type", b"").startswith(STRUCTURED):
        return _structured(message, classes)
    try:
        attributes = {
            name.removeprefix("ce_"): value.decode()
            for name, value in headers.items()
            if name.startswith("ce_") or name == "traceparent"
        }
    except UnicodeDecodeError:
        raise Undecodable("not-utf8", "a CloudEvents header is not UTF-8") from None
    class_ = _class_of(attributes, classes)
    if message.value is None:
        raise Undecodable("invalid", "the value is missing; a fact is never a tombstone")
    try:
        data = class_.__pydantic_validator__.validate_json(message.value)
    except ValidationError as error:
        raise _explained(error, message.value) from None
    return Event(_envelope(attributes), data)


def _structured(message: Message, classes: Iterable[type[BaseModel]]) -> Event[Any]:
    try:
        body = json.loads(message.value or b"")
    except UnicodeDecodeError:
        raise Undecodable("not-utf8", "the value is not UTF-8") from None
    except (ValueError, RecursionError):
        raise Undecodable("not-json", "the value is not JSON") from None
    if not isinstance(body, dict):
        raise Undecodable("no-envelope", "a structured CloudEvent is a JSON object")
    attributes = {name: value for name, value in body.items() if isinstance(value, str)}
    class_ = _class_of(attributes, classes)
    try:
        data = class_.model_validate_json(json.dumps(body.get("data")))
    except ValidationError as error:
        raise _explained(error, b"{}") from None
    return Event(_envelope(attributes), data)


def _class_of(
    attributes: Mapping[str, str], classes: Iterable[type[BaseModel]]
) -> type[BaseModel]:
    type_, source, id_ = (attributes.get(name) for name in ("type", "source", "id"))
    if not type_ or not source or not id_:
        raise Undecodable("no-envelope", "ce_type, ce_source and ce_id are required")
    for class_ in classes:
        if getattr(class_, "type", None) == type_:
            _check_version(attributes.get("dataschema"), f"{SCHEMA}{type_}:", class_)
            return class_
    known = ", ".join(sorted(str(getattr(class_, "type", "")) for class_ in classes))
    raise Undecodable("unknown-type", f"ce_type is not one of: {known}")


def _check_version(dataschema: str | None, prefix: str, class_: type[BaseModel]) -> None:
    version = str(getattr(class_, "version", 1))
    if dataschema is not None and dataschema != prefix + version:
        raise Undecodable("unknown-version", f"ce_dataschema is not {prefix}{version}")


def _envelope(attributes: Mapping[str, str]) -> Envelope:
    """Foreign ids may be any text: what is no UUID gets one derived from source and id."""
    source, id_ = attributes["source"], attributes["id"]
    sequence, cause = attributes.get("sequence"), attributes.get("causationid")
    try:
        uuid = UUID(id_)
    except ValueError:
        uuid = derived_id(source, id_)
    try:
        return Envelope(
            uuid,
            source,
            int(sequence) if sequence else None,
            UUID(cause) if cause else None,
            attributes.get("traceparent"),
        )
    except ValueError:
        raise Undecodable("no-envelope", "ce_sequence or ce_causationid is malformed") from None


def _explained(error: ValidationError, value: bytes) -> Undecodable:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "value"
    if first["type"] != "json_invalid":
        return Undecodable("invalid", f"{where}: {first['msg']}")
    try:
        value.decode()
    except UnicodeDecodeError:
        return Undecodable("not-utf8", "the value is not UTF-8")
    return Undecodable("not-json", first["msg"])
