"""From which step on the arm of an experiment can matter to a lead."""

from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from engagement.cadence.state import Active, Outside, State
from engagement.experiment.assignment import Assigned
from engagement.playbook import Playbook
from schemas.events.decision import CadenceEntered
from schemas.events.experiment import ExperimentExposed
from schemas.events.fact import LeadFact

Kind = TypeVar("Kind", bound=State)


def exposes_at(playbook: Playbook, before: Outside, entered: CadenceEntered) -> int | None:
    """The step whose turn is to be told; nothing where none is, or where it was told before."""
    if entered.experiment is None or before.assigned is None or before.assigned.exposed:
        return None
    return playbook.divergence[entered.experiment]


def exposure(
    state: Active, number: int | None, cause: LeadFact
) -> tuple[()] | tuple[ExperimentExposed]:
    """Told when the turn of step `number` comes; without a number, that of the end."""
    at = state.exposes_at
    if at is None or state.assigned is None or (number is not None and number < at):
        return ()
    return (_told(state.assigned, state.enrolment.id, at, cause),)


def held_out(
    known: Assigned, enrolment_id: UUID, cause: LeadFact
) -> tuple[()] | tuple[ExperimentExposed]:
    """Told when a lead that is held out would have entered, by the enrolment that it has not."""
    return () if known.exposed else (_told(known, enrolment_id, 1, cause),)


def exposed(state: Kind) -> Kind:
    """The state after it was told."""
    known = state.assigned and state.assigned._replace(exposed=True)
    if isinstance(state, Active):
        return replace(state, assigned=known, exposes_at=None)
    return replace(state, assigned=known)


def _told(known: Assigned, enrolment_id: UUID, step: int, cause: LeadFact) -> ExperimentExposed:
    return ExperimentExposed(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=enrolment_id,
        experiment=known.experiment,
        salt=known.salt,
        arm=known.arm,
        step=step,
    )
