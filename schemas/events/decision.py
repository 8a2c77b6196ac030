"""Decisions of the cadence about enrolments: facts made from facts.

Their ids follow from their cause. Those about touches are in plan.py, about experiments in
experiment.py.
"""

from typing import ClassVar, Literal
from uuid import UUID

from schemas.events.fact import ADDED, Disposition, Features, LeadFact, NewFeatures, Text

EndReason = Literal["replied", "meeting-booked", "opted-out", "qualified", "closed", "exhausted"]
"""Why an enrolment ended: the lead answered, booked a meeting, opted out, became sales-qualified,
was closed by a result code, a rule or people, or every step was taken without success."""

ExitReason = Literal[
    "replied",
    "out-of-office",
    "meeting-booked",
    "opted-out",
    "qualified",
    "closed",
    "stopped-trying",
    "bounced",
    "re-entered",
    "exhausted",
]
"""Exactly what ended an enrolment, where EndReason keeps to the six words of its version.

replied: the lead answered. out-of-office: a machine answered for it. meeting-booked: the lead
has a meeting. opted-out: the lead wants no touch, or none on any channel left. qualified: the lead
is sales-qualified. closed: a result code closed the lead. stopped-trying: a result code said that
it is not worth another touch. bounced: what was sent came back. re-entered: the lead came in again
and started anew. exhausted: every step was taken or skipped, or a threshold was reached. A move to
another version ends no enrolment: what is left there may."""

ClosedAs = Literal[Disposition, "removed"]
"""As what a lead was closed, where that was told: by its result code, or removed: people took it
out of its cadence."""

Exit = Literal[ExitReason, ClosedAs]
"""The finest word that is told of an end: closed_as, else exit, else reason."""

Threshold = Literal["attempts", "days"]
"""Which threshold ended a cadence or a block: so many touches were made, or so many days have
passed."""


class CadenceEntered(LeadFact):
    """The lead entered a cadence; it stays on this playbook version until a fact moves it.

    Carries features and sealed person on, so that readers of decisions need no second stream.
    `experiment` names the one whose arm the cadence is, where the lead entered by one. `queue` is
    the playbook's order of the queue, as JSON, where it says one: a rank follows from decisions
    alone.
    """

    type: ClassVar[str] = "cadence-entered"

    enrolment_id: UUID
    cadence: Text
    playbook_digest: Text
    team: Text
    features: Features
    sealed: str
    experiment: Text | None = ADDED
    queue: str | None = ADDED


class BlockEnded(LeadFact):
    """What is left of a block that comes again is passed over, as its `threshold` is reached.

    `step` is the last step of the block. A plan or an end follows.
    """

    type: ClassVar[str] = "block-ended"

    enrolment_id: UUID
    step: int
    threshold: Threshold


class EntryRefused(LeadFact):
    """The lead came in and was not taken into `cadence`, and by which rule of the playbook.

    `rule` is opted-out, qualified, channels-closed where no step is on a channel and for a lead
    such as this one, or the key of the ruleset with what it says. The list is not closed: another
    rule breaks no reader. No cadence is named where the lead is refused whichever it would enter.
    """

    type: ClassVar[str] = "entry-refused"

    rule: Text
    playbook_digest: Text
    cadence: Text | None = None


class CadenceMoved(LeadFact):
    """The enrolment goes on in another version of its playbook, or in another cadence.

    `step` is where it stands there: the step of `plan_id`, the open plan where it is kept as it
    was; of the one that waits until people resume it; or else the last one that counts as passed.
    A plan or an end that follows takes the place of an open plan that is not kept. `queue` is that
    version's order of the queue, as in cadence-entered.
    """

    type: ClassVar[str] = "cadence-moved"

    enrolment_id: UUID
    cadence: Text
    playbook_digest: Text
    team: Text
    features: Features
    step: int
    plan_id: UUID | None = None
    queue: str | None = ADDED


class EnrolmentUpdated(LeadFact):
    """What is known of the lead of a running enrolment changed.

    It brings on what a lead-updated told, so that readers of decisions need no second stream:
    `features` those that changed, `sealed` the person where it was told anew. A plan that follows
    takes the place of the open one.
    """

    type: ClassVar[str] = "enrolment-updated"

    enrolment_id: UUID
    update_id: UUID
    features: NewFeatures
    sealed: str | None = None


class CadencePaused(LeadFact):
    """The enrolment waits until people resume it: a touch that was planned is no longer wanted.

    It is told again of a touch that somebody was at meanwhile, and that counts all the same.
    """

    type: ClassVar[str] = "cadence-paused"

    enrolment_id: UUID
    plan_id: UUID


class CadenceEnded(LeadFact):
    """The enrolment is over, for the reason given; `exit` says more where the reason is broad.

    `closed_as` says more than both, where the reason is closed and it was told as what.
    `threshold` is what the playbook lets the cadence go on to, where that ended it before its last
    step: then the reason is exhausted.
    """

    type: ClassVar[str] = "cadence-ended"

    enrolment_id: UUID
    reason: EndReason
    attempts: int
    exit: ExitReason | None = ADDED
    threshold: Threshold | None = ADDED
    closed_as: ClosedAs | None = ADDED


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
