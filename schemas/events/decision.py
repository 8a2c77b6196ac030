"""Decisions of the cadence: facts made from facts. Their ids follow from their cause."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from schemas.events.fact import Channel, Features, LeadFact, Text

EndReason = Literal["replied", "meeting-booked", "opted-out", "qualified", "closed", "exhausted"]
"""Why an enrolment ended: the lead answered, booked a meeting, opted out, became sales-qualified,
was closed by a result code, or every step was taken without success."""

WithdrawalReason = Literal["cadence-ended"]


class CadenceEntered(LeadFact):
    """The lead entered a cadence; it stays on this playbook version until a fact moves it.

    Carries features and sealed person on, so that readers of decisions need no second stream.
    """

    type: ClassVar[str] = "cadence-entered"

    enrolment_id: UUID
    cadence: Text
    playbook_digest: Text
    team: Text
    features: Features
    sealed: str


class TouchPlanned(LeadFact):
    """The one next thing to do for the lead.

    Never before `not_before`; expected by `due_at`; from `lapses_at` on it counts as not made.
    `step` counts from 1; `steps` is how many the cadence has; `attempts` is how many touches were
    made in this enrolment before this one. `result_codes` are those the touch may end with, by the
    playbook that the lead entered with: whoever logs the touch offers these and refuses others.
    """

    type: ClassVar[str] = "touch-planned"

    enrolment_id: UUID
    plan_id: UUID
    step: int
    steps: int
    attempts: int
    channel: Channel
    activity: Text
    not_before: AwareDatetime
    due_at: AwareDatetime
    lapses_at: AwareDatetime
    result_codes: tuple[Text, ...]


class TouchWithdrawn(LeadFact):
    """A planned touch is no longer wanted."""

    type: ClassVar[str] = "touch-withdrawn"

    enrolment_id: UUID
    plan_id: UUID
    reason: WithdrawalReason


class CadenceEnded(LeadFact):
    """The enrolment is over, for the reason given."""

    type: ClassVar[str] = "cadence-ended"

    enrolment_id: UUID
    reason: EndReason
    attempts: int


class LeadQualified(LeadFact):
    """The lead became sales-qualified, by a disposition that the playbook names.

    `handoff_id` is derived from lead and enrolment: one enrolment is handed off at most once.
    """

    type: ClassVar[str] = "lead-qualified"

    enrolment_id: UUID
    handoff_id: UUID
    result_code: Text
    rep_id: Text | None = None
    attempts: int
