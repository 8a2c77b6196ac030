"""The envelope in a message's CloudEvents headers, and what a header may hold."""

from collections.abc import Mapping
from functools import lru_cache

from schemas.envelope import Envelope, derived_id, trace_id
from schemas.message import Undecodable
from schemas.text import read_uuid

SEQUENCE = "ce_sequence"
TRACEPARENT = "traceparent"

_SOURCE_BYTES = 500
_MAX_SEQUENCE = 2**63 - 1


def sequence_header(sequence: int) -> bytes:
    """Twenty digits, zero-padded, so that it sorts as text too."""
    return b"%020d" % sequence


@lru_cache(1024)
def read_source(raw: bytes) -> str:
    """The writer's name; Undecodable where PostgreSQL could not keep it. Writers are few."""
    if len(raw) > _SOURCE_BYTES or b"\0" in raw:
        raise Undecodable(
            "no-envelope", f"ce_source contains NUL or is longer than {_SOURCE_BYTES} bytes"
        )
    return _text(raw)


def read_sequence(raw: bytes) -> int | None:
    """The sequence, or None where the digits are not ours; never beyond a 64-bit integer."""
    if len(raw) > 20 or not raw.isdigit():
        return None
    sequence = int(raw)
    return sequence if sequence <= _MAX_SEQUENCE else None


def read_envelope(headers: Mapping[str, bytes], *, foreign: bool) -> Envelope:
    """The envelope in `headers`, which name source and id.

    A foreign id may be any text: what is no UUID gets one derived from source and id. A foreign
    sequence or cause that is not of our form is passed over: both are the sender's own business.
    In a message of ours they are Undecodable. A malformed traceparent is passed over in both, as
    W3C Trace Context asks.
    """
    source, id_ = read_source(headers["ce_source"]), _text(headers["ce_id"])
    sequence = cause = None
    if raw := headers.get(SEQUENCE):
        sequence = read_sequence(raw)
        if sequence is None and not foreign:
            raise Undecodable("no-envelope", f"{SEQUENCE} is not up to twenty digits")
    if raw := headers.get("ce_causationid"):
        cause = read_uuid(_text(raw))
        if cause is None and not foreign:
            raise Undecodable("no-envelope", "ce_causationid is not a UUID")
    return Envelope(
        read_uuid(id_) or derived_id(source, id_), source, sequence, cause, _trace(headers)
    )


def _trace(headers: Mapping[str, bytes]) -> str | None:
    raw = headers.get(TRACEPARENT) or headers.get("ce_traceparent")
    traceparent = raw.decode("ascii", "replace") if raw else None
    return traceparent if trace_id(traceparent) else None


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Undecodable("not-utf8", "a CloudEvents header is not UTF-8") from None
