"""Messages of sales.touch.received.v1, once decoded: what happened to a lead, as a fact."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from schemas.events.fact import LeadFact
from schemas.events.lead import EngagementSeen, MeetingBooked, OptedOut, ReplyReceived
from schemas.events.touch import TouchLogged
from schemas.received.event import EngagementReceived, TouchReceived
from services.ingest.identity import LeadIds, Unidentifiable
from services.ingest.refused import Refused

_FACTS: Final[Mapping[str, type[LeadFact]]] = {
    "touched": TouchLogged,
    "replied": ReplyReceived,
    "meeting-booked": MeetingBooked,
    "opted-out": OptedOut,
}


def touch_fact(touch: TouchReceived, source: str, recorded_at: datetime, ids: LeadIds) -> LeadFact:
    """The fact that `touch` tells; raises Refused where nothing says whose lead it is."""
    told = touch.model_dump(exclude={"lead_id", "identity", "outcome"})
    about = {"lead_id": _lead_id(touch, source, ids), "recorded_at": recorded_at}
    return _FACTS[touch.outcome].model_validate(told | about)


def engagement_fact(
    seen: EngagementReceived, source: str, recorded_at: datetime, ids: LeadIds
) -> LeadFact:
    """The fact that a tool saw; raises Refused where nothing says whose lead it is."""
    return EngagementSeen(
        lead_id=_lead_id(seen, source, ids),
        occurred_at=seen.occurred_at,
        recorded_at=recorded_at,
        channel=seen.channel,
        signal=seen.signal,
        plan_id=seen.plan_id,
    )


def _lead_id(touch: TouchReceived | EngagementReceived, source: str, ids: LeadIds) -> UUID | None:
    if touch.identity is None:
        return touch.lead_id
    try:
        return ids.of(touch.identity, source)
    except Unidentifiable as error:
        fix = "send the full number"
        raise Refused("invalid", "identity.phone", str(error), fix) from None
