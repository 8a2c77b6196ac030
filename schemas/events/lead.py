"""Facts about a lead that its cadence listens to, besides touches."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from schemas.events.fact import (
    ADDED,
    Channel,
    Disposition,
    Features,
    LeadFact,
    Moment,
    NewFeatures,
    Text,
)

Signal = Literal["opened", "clicked", "accepted"]
"""What tools see of a lead that has not answered."""


class LeadCreated(LeadFact):
    """A lead came in, or came in again; a second one is a re-engagement.

    `sealed` holds the personal fields, encrypted under the lead's own key (see the vault).
    """

    type: ClassVar[str] = "lead-created"

    features: Features
    sealed: str


class LeadUpdated(LeadFact):
    """A source told anew what a lead is, or who.

    `features` are those that changed. `sealed` is the whole person, where it was told anew, sealed
    as in lead-created. Of a lead that never came in it is remembered until that comes.
    """

    type: ClassVar[str] = "lead-updated"

    features: NewFeatures = NewFeatures()
    sealed: str | None = None


class ReplyReceived(LeadFact):
    """The lead answered on a channel.

    `auto_reply` says that a machine answered for a lead who is out of office; `returns_on` is the
    first moment at which the lead is back, where the answer told it.
    """

    type: ClassVar[str] = "reply-received"

    channel: Channel
    auto_reply: bool | None = ADDED
    returns_on: Moment | None = ADDED


class EngagementSeen(LeadFact):
    """A tool saw what the lead did with what it was sent.

    It opened a message or clicked a link in one, or it accepted a request to connect. `plan_id`
    names the touch with which that was sent, where the tool knows.
    """

    type: ClassVar[str] = "engagement-seen"

    channel: Channel
    signal: Signal
    plan_id: UUID | None = None


class ColleagueReplied(LeadFact):
    """Another lead of the same company, by its mail domain, answered on a channel."""

    type: ClassVar[str] = "colleague-replied"

    channel: Channel
    colleague_id: UUID


class MeetingBooked(LeadFact):
    """The lead booked a meeting; `starts_at` where its source told it."""

    type: ClassVar[str] = "meeting-booked"

    starts_at: AwareDatetime | None = None


class OptedOut(LeadFact):
    """The lead asked not to be contacted, on one channel or at all.

    `reason` says where it was not the lead itself: its number or domain is on a list.
    """

    type: ClassVar[str] = "opted-out"

    channel: Channel | Literal["all"] = "all"
    reason: Literal["do-not-contact"] | None = ADDED


class ConsentGiven(LeadFact):
    """The lead allows to be contacted on a channel, or on all of them.

    It takes back what the lead itself refused before, and not what a list forbids.
    """

    type: ClassVar[str] = "consent-given"

    channel: Channel | Literal["all"]


class CallbackRequested(LeadFact):
    """The lead asked to be called, by another way than a touch; at once where it told no time."""

    type: ClassVar[str] = "callback-requested"

    callback_at: Moment | None = None


class Bounced(LeadFact):
    """What was sent to the lead on a channel cannot be delivered, now or later."""

    type: ClassVar[str] = "bounced"

    channel: Channel


class LeadReassigned(LeadFact):
    """From now on the lead is this rep's; nobody's where none is named."""

    type: ClassVar[str] = "lead-reassigned"

    rep_id: Text | None = None


class EnrolmentPaused(LeadFact):
    """People paused the lead's cadence, up to a moment or until they resume it.

    With `time_off_id` it pauses as nobody of its team is there until then.
    """

    type: ClassVar[str] = "enrolment-paused"

    until: Moment | None = None
    rep_id: Text | None = None
    time_off_id: UUID | None = ADDED


class EnrolmentResumed(LeadFact):
    """People let the lead's cadence go on.

    With `time_off_id` that time off ended early: the pause for it alone is over, from `goes_on_at`
    on.
    """

    type: ClassVar[str] = "enrolment-resumed"

    rep_id: Text | None = None
    time_off_id: UUID | None = ADDED
    goes_on_at: Moment | None = ADDED


class EnrolmentRemoved(LeadFact):
    """People took the lead out of its cadence; `why` where they told it.

    It says nothing of the channels: a lead that wants no contact is opted-out.
    """

    type: ClassVar[str] = "enrolment-removed"

    rep_id: Text | None = None
    why: Disposition | None = None


class EnrolmentMoved(LeadFact):
    """The enrolment goes on in this cadence of another version, at the touch where it stands.

    `features` are those that the lead entered with: the other version may look at more of them.
    """

    type: ClassVar[str] = "enrolment-moved"

    enrolment_id: UUID
    playbook_digest: Text
    cadence: Text
    features: Features


class HandoffAccepted(LeadFact):
    """The CRM took the sales-qualified lead over."""

    type: ClassVar[str] = "handoff-accepted"

    handoff_id: UUID
    crm: Text
    crm_record_id: Text | None = None


class HandoffRejected(LeadFact):
    """The CRM refused the sales-qualified lead, and said why."""

    type: ClassVar[str] = "handoff-rejected"

    handoff_id: UUID
    crm: Text
    reason_code: Text
