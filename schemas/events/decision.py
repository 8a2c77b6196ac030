"""Decisions of the cadence: facts made from facts. Their ids follow from their cause."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from schemas.events.fact import (
    ADDED,
    Channel,
    Features,
    Frozen,
    InUtc,
    LeadFact,
    NewFeatures,
    Text,
)

EndReason = Literal["replied", "meeting-booked", "opted-out", "qualified", "closed", "exhausted"]
"""Why an enrolment ended: the lead answered, booked a meeting, opted out, became sales-qualified,
was closed by a result code or a rule, or every step was taken without success."""

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

Threshold = Literal["attempts", "days"]
"""Which threshold ended a cadence or a block: so many touches were made, or so many days have
passed."""

Again = Literal["callback", "retry", "end-of-queue"]
"""Why the same step is planned once more: the lead was promised a call; the touch is tried again
soon, or when nobody else waits."""

SkipRule = Literal["consent-denied", "consent-unknown", "bounced"]
"""Why a step was not planned: the lead denied its channel; the playbook requires a consent that
nobody gave; what was sent on the channel came back."""

WithdrawalReason = Literal["cadence-ended"]


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


class OpenHours(Frozen):
    """A time in which a touch may be made: from `opens_at` up to before `closes_at`."""

    opens_at: InUtc
    closes_at: InUtc


class TouchPlanned(LeadFact):
    """The one next thing to do for the lead.

    Never before `not_before`; expected by `due_at`; from `lapses_at` on it counts as not made.
    `step` counts from 1; `steps` is how many the cadence has; `attempts` is how many touches were
    made in this enrolment before this one. `result_codes` are those the touch may end with, by the
    playbook that the lead entered with: whoever logs the touch offers these and refuses others.

    `attempt` counts the plans of the step, from 2 on; `again` says why it is taken once more.
    `moved_from` is when the cadence alone would have opened it, where a pause or a cap moved it.
    `for_rep` is the one rep whose touch it is.
    `kind` is how the channel is used, such as voicemail or ghost, where the playbook says; a touch
    of kind automated is no rep's, and `template` names what its message says.
    `waits_for` is the condition that is not met yet: until it is, the touch is not to be made, and
    the plan lapses at the moment at which it would open.

    The rest proves why the touch may be made. `allowed_by` is the rule that opens it, `denied_by`
    are those that forbade the moments before, in order. `local_time` is what the lead's clock
    shows at `not_before`, in `time_zone`, which was found by `zone_source`. Plans of older
    releases tell none of this.

    `corrects` names the plan that this one stands for, because a touch was told late, or because
    the lead is somewhere else than was known.

    `open_hours` are the times in which the touch may be made, in order, where lunch, a night or
    the law closes what lies between: the first opens at `not_before`, the last closes at
    `lapses_at`.
    Without it the touch may be made at any moment between the two.
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
    attempt: int | None = ADDED
    again: Again | None = ADDED
    kind: Text | None = ADDED
    moved_from: AwareDatetime | None = ADDED
    for_rep: Text | None = ADDED
    waits_for: Text | None = ADDED
    template: Text | None = ADDED
    allowed_by: Text | None = ADDED
    denied_by: tuple[Text, ...] | None = ADDED
    local_time: Text | None = ADDED
    time_zone: Text | None = ADDED
    zone_source: Text | None = ADDED
    corrects: UUID | None = ADDED
    open_hours: tuple[OpenHours, ...] | None = ADDED


class TouchSkipped(LeadFact):
    """A step was passed over, and by which rule; a decision about what comes instead follows.

    `opted_out` says that the lead denied the channel by an opt-out, and not when it came in. The
    rest proves it: the version of the rules, and what the lead's clock showed then.
    """

    type: ClassVar[str] = "touch-skipped"

    enrolment_id: UUID
    step: int
    channel: Channel
    rule: SkipRule
    opted_out: Literal[True] | None = ADDED
    playbook_digest: Text | None = ADDED
    local_time: Text | None = ADDED
    time_zone: Text | None = ADDED


class ConditionFailed(LeadFact):
    """A step was passed over, as its condition did not hold when its turn came.

    `condition` is all that the playbook asks for, in its words. A decision about what comes
    instead follows.
    """

    type: ClassVar[str] = "condition-failed"

    enrolment_id: UUID
    step: int
    channel: Channel
    condition: Text


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


class TouchWithdrawn(LeadFact):
    """A planned touch is no longer wanted."""

    type: ClassVar[str] = "touch-withdrawn"

    enrolment_id: UUID
    plan_id: UUID
    reason: WithdrawalReason


class CadenceEnded(LeadFact):
    """The enrolment is over, for the reason given; `exit` says more where the reason is broad.

    `threshold` is what the playbook lets the cadence go on to, where that ended it before its last
    step: then the reason is exhausted.
    """

    type: ClassVar[str] = "cadence-ended"

    enrolment_id: UUID
    reason: EndReason
    attempts: int
    exit: ExitReason | None = ADDED
    threshold: Threshold | None = ADDED


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
