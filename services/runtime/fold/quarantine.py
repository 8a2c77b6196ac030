"""Bad messages, kept as they came, with the reason: for operators to look at and put back."""

from dataclasses import dataclass
from datetime import datetime

from schemas.codec import Headers, Message
from schemas.topics import QUARANTINE
from services.runtime.fold.fold import Record
from services.runtime.fold.oversize import fitting
from services.runtime.outbox.frames import Outgoing

FIRST_FAILED_AT = "quarantine_first_failed_at"


@dataclass(frozen=True, slots=True)
class Refused:
    """A record, and why it cannot be taken. The reason names field and rule, never a value."""

    record: Record
    code: str
    reason: str


def outgoing(refused: Refused, service: str, at: datetime) -> Outgoing:
    """The record for the quarantine topic: key, value and headers as they came, and why.

    Of a record too large to be sent again the largest parts are left out, and it is told how much
    that is; it lies where its headers say. A record that failed before keeps the time of its
    first failure.
    """
    record = refused.record
    kept, notes = fitting(Message(record.key, record.value, record.headers))
    headers = [*kept.headers, *_why(refused, service)]
    if FIRST_FAILED_AT not in dict(record.headers):
        headers.append((FIRST_FAILED_AT, at.isoformat().encode()))
    partition = record.partition % QUARANTINE.partitions
    message = Message(kept.key, kept.value, (*headers, *notes))
    return Outgoing(QUARANTINE.name, partition, message)


def _why(refused: Refused, service: str) -> Headers:
    record = refused.record
    return (
        ("quarantine_topic", record.topic.encode()),
        ("quarantine_partition", b"%d" % record.partition),
        ("quarantine_offset", b"%d" % record.offset),
        ("quarantine_timestamp", b"%d" % record.timestamp),
        ("quarantine_service", service.encode()),
        ("quarantine_code", refused.code.encode()),
        ("quarantine_reason", refused.reason.encode()),
    )
