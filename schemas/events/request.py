"""What tools are asked to do by themselves: automated steps of a cadence that are due."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from schemas.events.fact import ADDED, Channel, Features, LeadFact, Text


class TouchRequested(LeadFact):
    """An automated touch is due: a tool makes it, and reports it as the answer to `plan_id`.

    A plan is requested at most once, and its id is derived from enrolment, step and attempt: a
    tool that keeps the ids it has served never makes a touch twice. From `lapses_at` on it is too
    late. `result_codes` are those that the report may end with. `template` names the message,
    where the playbook does. `sealed` is the person, encrypted under the lead's own key.
    """

    type: ClassVar[str] = "touch-requested"

    enrolment_id: UUID
    plan_id: UUID
    team: Text
    step: int
    steps: int
    attempts: int
    channel: Channel
    activity: Text
    due_at: AwareDatetime
    lapses_at: AwareDatetime
    result_codes: tuple[Text, ...]
    features: Features
    sealed: str
    attempt: int | None = ADDED
    template: Text | None = ADDED


class TouchRequestWithdrawn(LeadFact):
    """What was requested is not wanted any more: the cadence has gone on, or has ended.

    A tool that has not made the touch yet leaves it; one that has made it, as the cadence may
    have heard, has nothing to do. It comes after the request, on the same partition.
    """

    type: ClassVar[str] = "touch-request-withdrawn"

    enrolment_id: UUID
    plan_id: UUID
    channel: Channel
