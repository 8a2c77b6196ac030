"""What an authenticated sender sent over HTTP and nobody can use, as a row for quarantine."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from schemas.codec import Message
from schemas.topics import QUARANTINE
from services.ingest.inbox import NAME
from services.runtime.fold.oversize import LARGEST
from services.runtime.fold.quarantine import FIRST_FAILED_AT
from services.runtime.outbox.outbox import Row

__all__ = ["LARGEST", "Unusable", "row"]


@dataclass(frozen=True, slots=True)
class Unusable:
    """A body, the door it came to, its sender, and why it cannot be used."""

    door: str
    source: str
    raw: bytes
    code: str
    reason: str
    at: datetime


def row(unusable: Unusable) -> Row:
    """The row: the bytes untouched, and the rest in headers. The same body, the same partition."""
    headers = (
        ("quarantine_door", unusable.door.encode()),
        ("quarantine_source", unusable.source.encode()),
        ("quarantine_service", NAME.encode()),
        ("quarantine_code", unusable.code.encode()),
        ("quarantine_reason", unusable.reason.encode()),
        (FIRST_FAILED_AT, unusable.at.isoformat().encode()),
    )
    partition = sha256(unusable.raw).digest()[0] % QUARANTINE.partitions
    return Row(QUARANTINE, Message(None, unusable.raw, headers), partition)
