"""Where the playbook in force leads a lead: to a cadence, or to an arm of an experiment."""

from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from engagement.cadence.state import State
from engagement.experiment.assignment import arm_of, assigned
from engagement.playbook import Cadence, Playbook
from engagement.playbook.experiment import Experiment
from schemas.events.experiment import ExperimentAssigned
from schemas.events.lead import LeadCreated

Kind = TypeVar("Kind", bound=State)


class Choice(NamedTuple):
    """What is to be entered, and by which playbook."""

    playbook: Playbook
    cadence: Cadence | None
    """Nothing for a lead that is held out."""
    experiment: str | None = None
    """The one that the cadence is an arm of."""
    told: tuple[()] | tuple[ExperimentAssigned] = ()
    """The assignment, where it is news."""


def choose(playbook: Playbook, state: State, fact: LeadCreated) -> Choice:
    """By the lead's features and, in an experiment, by its id or by what it was dealt before."""
    rule = playbook.entry_for(fact.features)
    if rule.experiment is None:
        return Choice(playbook, playbook.cadence[rule.cadence or ""])
    experiment = playbook.experiment[rule.experiment]
    arm = arm_of(experiment, fact.lead_id, state.assigned)
    told = _assignment(playbook, experiment, arm, fact)
    news = state.assigned is None or state.assigned[:3] != assigned(told)[:3]
    told_now = (told,) if news else ()
    return Choice(playbook, playbook.cadence.get(arm), experiment.name, told_now)


def heard(state: Kind, choice: Choice) -> Kind:
    """The state after the assignment was told."""
    return replace(state, assigned=assigned(choice.told[0])) if choice.told else state


def _assignment(
    playbook: Playbook, experiment: Experiment, arm: str, fact: LeadCreated
) -> ExperimentAssigned:
    return ExperimentAssigned(
        lead_id=fact.lead_id,
        occurred_at=fact.recorded_at,
        recorded_at=fact.recorded_at,
        experiment=experiment.name,
        salt=experiment.salt,
        arm=arm,
        playbook_digest=playbook.digest,
    )
