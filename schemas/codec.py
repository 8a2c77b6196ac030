"""CloudEvents 1.0 on Kafka: binary mode is written, binary and structured mode are read.

Source: cloudevents/spec, bindings/kafka-protocol-binding.md and extensions/sequence.md. The
`cloudevents` library is the oracle for this module in the contract tests.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from schemas.attributes import (
    SEQUENCE,
    TRACEPARENT,
    read_envelope,
    read_sequence,
    read_source,
    sequence_header,
)
from schemas.envelope import Event
from schemas.events.fact import Fact
from schemas.message import ErrorCode, Headers, Message, Undecodable
from schemas.refusal import explained
from schemas.strict_json import parse
from schemas.structured import STRUCTURED, as_binary
from schemas.text import moment_text, uuid_text

__all__ = [
    "SCHEMA",
    "SEQUENCE",
    "STRUCTURED",
    "ErrorCode",
    "Headers",
    "Message",
    "Undecodable",
    "decode",
    "encode",
    "origin",
    "sequence_header",
]

SCHEMA = "urn:touchline:schema:"
_JSON = b"application/json"


@dataclass(frozen=True, slots=True)
class _Reader:
    """How messages of one type are read, worked out once.

    `foreign`: another team writes them. Their classes forbid unknown keys, ours pass them over.
    """

    class_: type[BaseModel]
    schema: bytes
    foreign: bool


def encode(event: Event[Fact]) -> Message:
    """The message for `event`, in binary mode. A sequence is added where it is known."""
    envelope, fact = event.envelope, event.data
    key = fact.key
    headers = [
        *_constant_headers(type(fact)),
        ("ce_source", envelope.source.encode()),
        ("ce_id", uuid_text(envelope.id)),
        ("ce_time", moment_text(fact.occurred_at)),
    ]
    if key is not None:
        headers.append(("ce_subject", key))
    if envelope.cause is not None:
        headers.append(("ce_causationid", uuid_text(envelope.cause)))
    if envelope.traceparent is not None:
        headers.append((TRACEPARENT, envelope.traceparent.encode()))
    if envelope.sequence is not None:
        headers.append((SEQUENCE, sequence_header(envelope.sequence)))
    return Message(key, fact.__pydantic_serializer__.to_json(fact), tuple(headers))


def decode(message: Message, classes: Iterable[type[BaseModel]]) -> Event[Any]:
    """The event that `message` carries, as one of `classes`, newest version only.

    Of a header that occurs twice, the last counts. Raises Undecodable, with a code for each way
    in which a message can be wrong, and nothing else.
    """
    headers: Mapping[str, bytes] = dict(message.headers)
    value = message.value
    if headers.get("content-type") != _JSON or "ce_type" not in headers:
        headers, value = as_binary(headers, value)
    reader = _reader(headers, _readers(tuple(classes)))
    envelope = read_envelope(headers, foreign=reader.foreign)
    return Event(envelope, _data(reader, value))


def origin(message: Message) -> tuple[str, int] | None:
    """Source and sequence of a message in our form, without reading the value.

    None for every other message, good or bad: decode tells which.
    """
    headers = dict(message.headers)
    source, sequence = headers.get("ce_source"), headers.get(SEQUENCE)
    if not source or not sequence:
        return None
    try:
        name, number = read_source(source), read_sequence(sequence)
    except Undecodable:
        return None
    return None if number is None else (name, number)


@cache
def _constant_headers(class_: type[Fact]) -> Headers:
    return (
        ("ce_specversion", b"1.0"),
        ("ce_type", class_.type.encode()),
        ("ce_dataschema", f"{SCHEMA}{class_.type}:{class_.version}".encode()),
        ("content-type", _JSON),
    )


@cache
def _readers(classes: tuple[type[Any], ...]) -> Mapping[bytes, _Reader]:
    return {
        class_.type.encode(): _Reader(
            class_,
            f"{SCHEMA}{class_.type}:{class_.version}".encode(),
            class_.model_config.get("extra") == "forbid",
        )
        for class_ in classes
    }


def _reader(headers: Mapping[str, bytes], readers: Mapping[bytes, _Reader]) -> _Reader:
    type_ = headers.get("ce_type")
    if not type_ or not headers.get("ce_source") or not headers.get("ce_id"):
        raise Undecodable("no-envelope", "ce_type, ce_source and ce_id are required")
    if (headers.get("ce_specversion") or b"1.0") != b"1.0":
        raise Undecodable("unknown-version", "ce_specversion is not 1.0")
    reader = readers.get(type_)
    if reader is None:
        known = ", ".join(sorted(name.decode() for name in readers))
        raise Undecodable("unknown-type", f"ce_type is not one of: {known}")
    schema = headers.get("ce_dataschema")
    if schema and schema != reader.schema and schema.startswith(SCHEMA.encode()):
        raise Undecodable("unknown-version", f"ce_dataschema is not {reader.schema.decode()}")
    return reader


def _data(reader: _Reader, value: bytes | None) -> BaseModel:
    if value is None:
        raise Undecodable("invalid", "the value is missing; a fact is never a tombstone")
    if reader.foreign:
        parse(value)
    try:
        data: BaseModel = reader.class_.__pydantic_validator__.validate_json(value)
    except ValidationError as error:
        raise explained(error, value) from None
    return data
