"""What happened to leads, as `POST /v1/events` and sales.touch.received.v1 tell it, as facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, cast
from uuid import UUID

from pydantic import ValidationError

from schemas.events.fact import LeadFact
from schemas.events.lead import (
    Bounced,
    CallbackRequested,
    ConsentGiven,
    EnrolmentPaused,
    EnrolmentRemoved,
    EnrolmentResumed,
    LeadReassigned,
    MeetingBooked,
    OptedOut,
    ReplyReceived,
)
from schemas.events.touch import TouchLogged
from schemas.received.event import EventReceived, Happened, RemovalReceived
from schemas.received.lead import ConsentReceived, LeadUpdateReceived
from schemas.received.message import ABOUT
from services.ingest.connectors.batch import items
from services.ingest.identity import LeadIds, Unidentifiable
from services.ingest.refused import Refused, refused
from services.ingest.update import Update, update_of

TOLD_BY_TOOLS: Final[Mapping[Happened, type[LeadFact]]] = {
    "touch-logged": TouchLogged,
    "reply-received": ReplyReceived,
    "meeting-booked": MeetingBooked,
    "opted-out": OptedOut,
    "bounced": Bounced,
    "callback-requested": CallbackRequested,
}
"""What dialers, mail, social and booking tools see."""

DONE_BY_PEOPLE: Final[Mapping[Happened, type[LeadFact]]] = {
    "lead-reassigned": LeadReassigned,
    "enrolment-paused": EnrolmentPaused,
    "enrolment-resumed": EnrolmentResumed,
}
"""What people in charge decide: no tool may say it for them."""

Content = LeadFact | Update
_Other = LeadUpdateReceived | ConsentReceived | RemovalReceived
_Received = EventReceived | _Other

_OTHERS: Final[Mapping[str, type[_Other]]] = {
    "lead-updated": LeadUpdateReceived,
    "consent-given": ConsentReceived,
    "enrolment-removed": RemovalReceived,
}
"""What has a message of its own: an event-received names its events once and for all."""
_FACTS: Final = {**TOLD_BY_TOOLS, **DONE_BY_PEOPLE}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who tells it; `in_charge`: an operator, who may also do what people do."""

    name: str
    in_charge: bool = False


def contents(raw: bytes, sender: Sender, recorded_at: datetime, ids: LeadIds) -> list[Content]:
    """What `raw` tells, in its order: one, or a list.

    Raises Refused if any is wrong, naming its index in the list, field, rule and fix.
    """
    return items(raw, "events", partial(_read, sender, recorded_at, ids))


def event_fact(
    event: EventReceived, sender: Sender, recorded_at: datetime, ids: LeadIds
) -> LeadFact:
    """The fact that `event` tells.

    Raises Refused where it is not this sender's to tell, where it has fields that say nothing of
    such an event or lacks one, and where nothing says whose lead it is.
    """
    if event.event in DONE_BY_PEOPLE:
        _check_in_charge(event.event, sender)
    told = event.model_dump(exclude=set(ABOUT), exclude_none=True)
    _check_belong(event, told)
    about = {
        "lead_id": _lead_id(event, sender, ids),
        "occurred_at": event.occurred_at or recorded_at,
        "recorded_at": recorded_at,
    }
    try:
        return _FACTS[event.event].model_validate(told | about)
    except ValidationError as error:
        raise refused(error) from None


def update_told(update: LeadUpdateReceived, sender: Sender, ids: LeadIds) -> Update:
    """What `update` changes; raises Refused as `event_fact` does."""
    return update_of(update, _lead_id(update, sender, ids), ids)


def consent_fact(
    told: ConsentReceived, sender: Sender, recorded_at: datetime, ids: LeadIds
) -> ConsentGiven:
    """The fact that `told` tells; raises Refused as `event_fact` does."""
    return ConsentGiven(
        lead_id=_lead_id(told, sender, ids),
        occurred_at=told.occurred_at or recorded_at,
        recorded_at=recorded_at,
        channel=told.channel,
    )


def removal_fact(
    told: RemovalReceived, sender: Sender, recorded_at: datetime, ids: LeadIds
) -> EnrolmentRemoved:
    """The fact that `told` tells; raises Refused as `event_fact` does."""
    _check_in_charge(told.event, sender)
    return EnrolmentRemoved(
        lead_id=_lead_id(told, sender, ids),
        occurred_at=told.occurred_at or recorded_at,
        recorded_at=recorded_at,
        rep_id=told.rep_id,
        why=told.why,
    )


def _read(sender: Sender, recorded_at: datetime, ids: LeadIds, item: object) -> Content:
    name = item.get("event") if isinstance(item, dict) else None
    kind = _OTHERS.get(name, EventReceived) if isinstance(name, str) else EventReceived
    try:
        told = kind.__pydantic_validator__.validate_python(item)
    except ValidationError as error:
        raise refused(error) from None
    match told:
        case LeadUpdateReceived():
            return update_told(told, sender, ids)
        case ConsentReceived():
            return consent_fact(told, sender, recorded_at, ids)
        case RemovalReceived():
            return removal_fact(told, sender, recorded_at, ids)
        case _:
            return event_fact(told, sender, recorded_at, ids)


def _check_in_charge(event: str, sender: Sender) -> None:
    if not sender.in_charge:
        rule = f"{event} is for people to say"
        raise Refused("not-allowed", "event", rule, "send it to POST /v1/events as an operator")


def _check_belong(event: EventReceived, told: Mapping[str, object]) -> None:
    foreign = next((name for name in told if name not in _FACTS[event.event].model_fields), None)
    if foreign is not None:
        raise Refused("invalid", foreign, f"says nothing of {event.event}", "take it out")
    if event.returns_on is not None and not event.auto_reply:
        rule = "tells when a lead is back for whom a machine answered"
        raise Refused("invalid", "returns_on", rule, "send auto_reply true with it")


def _lead_id(event: _Received, sender: Sender, ids: LeadIds) -> UUID:
    if event.identity is None:
        return cast("UUID", event.lead_id)  # its class refuses what has neither
    try:
        return ids.of(event.identity, event.source or sender.name)
    except Unidentifiable as error:
        fix = "send the full number"
        raise Refused("invalid", "identity.phone", str(error), fix) from None
