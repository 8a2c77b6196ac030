"""What the cadence hears, and what it says."""

from datetime import datetime
from uuid import UUID

from schemas.envelope import Event, derived_id
from schemas.events.decision import (
    BlockEnded,
    CadenceEnded,
    CadenceEntered,
    CadenceMoved,
    CadencePaused,
    EnrolmentUpdated,
    EntryRefused,
    LeadQualified,
)
from schemas.events.experiment import ExperimentAssigned, ExperimentExposed
from schemas.events.fact import LeadFact
from schemas.events.plan import (
    ConditionFailed,
    TouchPlanned,
    TouchSkipped,
    TouchWithdrawn,
)
from schemas.events.touch import TouchLogged
from schemas.events.unchecked import unchecked
from schemas.text import uuid_of

Cause = Event[LeadFact]
"""A fact about a lead, with its envelope: ids are derived from the cause's."""

Decision = (
    CadenceEntered
    | TouchPlanned
    | TouchSkipped
    | TouchWithdrawn
    | CadencePaused
    | CadenceEnded
    | LeadQualified
    | ExperimentAssigned
    | ExperimentExposed
    | ConditionFailed
    | CadenceMoved
    | BlockEnded
    | EntryRefused
    | EnrolmentUpdated
)

touch_planned = unchecked(TouchPlanned)


def made_at(fact: LeadFact) -> datetime:
    """The moment that counts: a touch when it was made, everything else when it was recorded.

    A touch that its source dates ahead was made when it was recorded.
    """
    now = fact.recorded_at
    return min(fact.occurred_at, now) if isinstance(fact, TouchLogged) else now


def enrolment_of(cause: Cause) -> UUID:
    """The enrolment that this lead-created opens, if it opens one."""
    return uuid_of(cause.envelope.id, "enrolment")


def plan_of(enrolment_id: UUID, step: int, attempt: int = 1) -> UUID:
    """The plan for a step: an enrolment makes each attempt at a step at most once."""
    again = "" if attempt == 1 else f"/{attempt}"
    return uuid_of(enrolment_id, f"plan/{step}{again}")


def handoff_of(lead_id: UUID, enrolment_id: UUID) -> UUID:
    """The handoff of an enrolment: it is handed off at most once."""
    return derived_id("handoff", str(lead_id), str(enrolment_id))
