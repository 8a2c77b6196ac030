"""From which step on the arm of an experiment can matter to a lead."""

from msgspec.structs import replace

from engagement.cadence.state import Active, Outside
from engagement.playbook import Playbook
from schemas.events.decision import CadenceEntered, ExperimentExposed
from schemas.events.fact import LeadFact


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
    told = ExperimentExposed(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        experiment=state.assigned.experiment,
        salt=state.assigned.salt,
        arm=state.assigned.arm,
        step=at,
    )
    return (told,)


def exposed(state: Active) -> Active:
    """The state after it was told."""
    known = state.assigned and state.assigned._replace(exposed=True)
    return replace(state, assigned=known, exposes_at=None)
