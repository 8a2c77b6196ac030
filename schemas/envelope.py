"""Identity and lineage of a message: CloudEvents attributes that are not in the value.

Ids are derived, never drawn: an incoming fact's from its source's dedupe key, a decision's from
its cause. The same cause gives the same ids, so repetition is harmless.
"""

import re
from typing import Generic, TypeVar
from uuid import UUID

from msgspec import Struct
from pydantic import BaseModel

from schemas.events.fact import Fact
from schemas.text import uuid_of

NAMESPACE = UUID("6f1c2f0e-8f0a-5c39-9a53-1d6b6b0c7c11")
"""The root of all derived ids; changing it would give every old fact a new id."""

_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)

Data_co = TypeVar("Data_co", bound=BaseModel, covariant=True)


class Envelope(Struct, frozen=True):
    """Who wrote a message, and why.

    `source` names the writer. `sequence` rises by writer and partition, without a gap, on the
    topics that only we write; foreign messages may have none. `cause` is the id of the message
    that led to this one. `traceparent` is W3C Trace Context.
    """

    id: UUID
    source: str
    sequence: int | None = None
    cause: UUID | None = None
    traceparent: str | None = None


class Event(Struct, Generic[Data_co], frozen=True):
    """A message: its envelope and its data."""

    envelope: Envelope
    data: Data_co


def derived_id(*parts: str) -> UUID:
    """The id that these parts always give; parts are told apart, whatever they contain."""
    return uuid_of(NAMESPACE, "".join(f"{len(part)}:{part}" for part in parts))


def follow_up(cause: Envelope, source: str, fact: Fact, n: int) -> Event[Fact]:
    """The `n`-th fact that `source` makes from `cause`; the same again whenever it is asked."""
    id_ = uuid_of(cause.id, f"{source}/{fact.type}/{n}")
    return Event(
        Envelope(id_, source, cause=cause.id, traceparent=child(cause.traceparent, id_)), fact
    )


def child(traceparent: str | None, id_: UUID) -> str:
    """A W3C traceparent for message `id_`: in its cause's trace, else the root of a new one.

    A malformed traceparent counts as none, so a caller may pass on what a stranger sent.
    """
    own = id_.hex
    return f"00-{trace_id(traceparent) or own}-{own[:16]}-01"


def trace_id(traceparent: str | None) -> str | None:
    """The trace that a W3C traceparent names; None if it is missing or malformed."""
    match = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    return match[1] if match else None
