"""What the sender tells ingest on sales.touch.received.v1, as any other tool would."""

from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.envelope import child, derived_id
from schemas.message import Message
from schemas.received.event import EventReceived, Happened
from schemas.topics import TOUCH_RECEIVED
from services.runtime.outbox.outbox import Row
from services.sender.ledger import Mail


def sent(mail: Mail, at: datetime, code: str) -> Row:
    """The mail server took it: the touch was made."""
    asked = mail.request
    told = {"plan_id": asked.plan_id, "result_code": code}
    return _row("touch-logged", asked.lead_id, str(asked.plan_id), at, mail.traceparent, **told)


def bounced(lead_id: UUID, plan_id: UUID, at: datetime, traceparent: str | None) -> Row:
    """A mail server says that no mail will ever reach the address."""
    return _row("bounced", lead_id, str(plan_id), at, traceparent)


def opted_out(lead_id: UUID, plan_id: UUID, at: datetime, times: int) -> Row:
    """The person followed the link of that mail, for the so many-th time."""
    said = f"{plan_id}" if times == 1 else f"{plan_id}, {times}"
    return _row("opted-out", lead_id, said, at, None)


def _row(
    event: Happened,
    lead_id: UUID,
    mailed: str,
    at: datetime,
    traceparent: str | None,
    **told: Any,
) -> Row:
    """Its id follows from the plan of the mail: what is told again is known again."""
    id_ = derived_id("sender", event, mailed)
    value = EventReceived(event=event, lead_id=lead_id, channel="email", occurred_at=at, **told)
    headers = (
        ("ce_specversion", b"1.0"),
        ("ce_type", value.type.encode()),
        ("ce_source", b"/touchline/sender"),
        ("ce_id", str(id_).encode()),
        ("content-type", b"application/json"),
        ("traceparent", child(traceparent, id_).encode()),
    )
    body = value.model_dump_json(exclude_none=True).encode()
    return Row(TOUCH_RECEIVED, Message(str(lead_id).encode(), body, headers))
