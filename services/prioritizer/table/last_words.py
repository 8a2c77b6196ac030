"""What a batch of decisions says of each lead in the end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from engagement.standings import BESIDE
from schemas.events.decision import (
    CadenceEntered,
    CadenceMoved,
    CadencePaused,
    EnrolmentUpdated,
)
from schemas.events.fact import LeadFact
from schemas.events.plan import TouchPlanned
from services.prioritizer.table.leads import Paused
from services.runtime.fold.fold import Arrival

_BESIDE = (*BESIDE, CadenceMoved, EnrolmentUpdated)
"""They say nothing of a plan, nor that the lead has one."""


def last_words(
    arrivals: Sequence[Arrival],
) -> tuple[dict[UUID, Arrival], dict[UUID, Arrival]]:
    """By lead: its last entry, and its last decision about a plan, in the order of the log."""
    entered: dict[UUID, Arrival] = {}
    changed: dict[UUID, Arrival] = {}
    for arrival in arrivals:
        if isinstance(arrival.event.data, _BESIDE):
            continue
        words = entered if isinstance(arrival.event.data, CadenceEntered) else changed
        words.pop(arrival.event.data.lead_id, None)
        words[arrival.event.data.lead_id] = arrival
    return entered, changed


def opened(arrivals: Sequence[Arrival]) -> dict[UUID, datetime]:
    """When the first touch that a rep may make opens, of leads whose first it is in the batch."""
    found: dict[UUID, datetime] = {}
    for arrival in arrivals:
        match arrival.event.data:
            case CadenceEntered(lead_id=lead):
                found.pop(lead, None)
            case TouchPlanned(lead_id=lead) as plan if for_reps(plan):
                found.setdefault(lead, plan.not_before)
            case _:
                pass
    return found


def moves(arrivals: Sequence[Arrival]) -> dict[UUID, CadenceMoved]:
    """The last move of each lead that was moved and did not enter anew since."""
    found: dict[UUID, CadenceMoved] = {}
    for arrival in arrivals:
        match arrival.event.data:
            case CadenceMoved() as fact:
                found[fact.lead_id] = fact
            case CadenceEntered(lead_id=lead):
                found.pop(lead, None)
            case _:
                pass
    return found


def paused(changed: Mapping[UUID, Arrival], arrivals: Sequence[Arrival]) -> list[Paused]:
    """The leads that are paused now, with what was planned for them last in the batch."""
    last = {lead: one.event.data for lead, one in changed.items()}
    at = {lead: one.recorded_at for lead, one in last.items() if isinstance(one, CadencePaused)}
    told = (one.event.data for one in (arrivals if at else ()))
    plans = {one.lead_id: one for one in told if isinstance(one, TouchPlanned)}
    return [Paused(lead, moment, plans.get(lead)) for lead, moment in at.items()]


def for_tools(fact: LeadFact) -> bool:
    """Whether it plans a touch that tools make."""
    return isinstance(fact, TouchPlanned) and fact.kind == "automated"


def for_reps(fact: LeadFact) -> bool:
    """Whether it plans a touch that a rep makes."""
    return isinstance(fact, TouchPlanned) and fact.kind != "automated"
