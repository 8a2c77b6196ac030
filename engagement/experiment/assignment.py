"""Which arm of an experiment a lead is in: chosen by its id alone, and kept."""

import hashlib
from typing import NamedTuple
from uuid import UUID

from engagement.playbook.experiment import HOLDOUT, Experiment
from schemas.events.experiment import ExperimentAssigned


class Assigned(NamedTuple):
    """The arm that a lead was dealt to."""

    experiment: str
    salt: str | None
    arm: str
    exposed: bool = False
    """Whether its exposure was told."""


def assigned(fact: ExperimentAssigned) -> Assigned:
    """What is remembered of an assignment."""
    return Assigned(fact.experiment, fact.salt, fact.arm)


def arm_of(experiment: Experiment, lead_id: UUID, before: Assigned | None) -> str:
    """The arm that the lead was dealt to before, for as long as there is one; else by its id."""
    if (
        before is not None
        and (before.experiment, before.salt) == (experiment.name, experiment.salt)
        and before.arm in experiment.names
    ):
        return before.arm
    return dealt(experiment, lead_id)


def dealt(experiment: Experiment, lead_id: UUID) -> str:
    """The arm in whose share of a hundred the lead lies."""
    place, end = bucket(experiment, lead_id), 0
    for arm in experiment.arms:
        end += arm.weight
        if place < end:
            return arm.cadence
    return HOLDOUT


def bucket(experiment: Experiment, lead_id: UUID) -> int:
    """0 to 99, from SHA-256 of name, salt and lead: experiments do not know of each other."""
    salted = f"{experiment.name}/{experiment.salt or ''}/{lead_id}"
    return int.from_bytes(hashlib.sha256(salted.encode()).digest()[:8], "big") % 100
