"""Decisions of the cadence about experiments: who is dealt to which arm, and since when."""

from typing import ClassVar
from uuid import UUID

from schemas.events.fact import LeadFact, Text


class ExperimentAssigned(LeadFact):
    """The lead was dealt to an arm of an experiment, in which it stays.

    `arm` is a cadence's name, or "holdout" for a lead that enters no cadence. `salt` is that
    of the experiment, where it has one. Told once, before anything depends on the arm.
    """

    type: ClassVar[str] = "experiment-assigned"

    experiment: Text
    salt: Text | None = None
    arm: Text
    playbook_digest: Text


class ExperimentExposed(LeadFact):
    """The turn came of the first step that is not the same in all arms of the experiment.

    Told once a lead. `step` is its number, counted from 1. From here on what happens to the lead
    may come from its arm; before, it cannot. A lead that is held out is exposed when it would have
    entered, and `enrolment_id` is that of the enrolment that it would have had.
    """

    type: ClassVar[str] = "experiment-exposed"

    enrolment_id: UUID
    experiment: Text
    salt: Text | None = None
    arm: Text
    step: int
