"""Decisions of the cadence about touches: what is to be done next, and what is not."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from schemas.events.fact import ADDED, Channel, Frozen, InUtc, LeadFact, Text

Again = Literal["callback", "retry", "end-of-queue"]
"""Why the same step is planned once more: the lead was promised a call; the touch is tried again
soon, or when nobody else waits."""

SkipRule = Literal["consent-denied", "consent-unknown", "bounced"]
"""Why a step was not planned: the lead denied its channel; the playbook requires a consent that
nobody gave; what was sent on the channel came back."""

WithdrawalReason = Literal["cadence-ended"]


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


class TouchWithdrawn(LeadFact):
    """A planned touch is no longer wanted."""

    type: ClassVar[str] = "touch-withdrawn"

    enrolment_id: UUID
    plan_id: UUID
    reason: WithdrawalReason
