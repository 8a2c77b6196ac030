"""Facts about a lead that its cadence listens to, besides touches."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from schemas.events.fact import Channel, Features, LeadFact, Text


class LeadCreated(LeadFact):
    """A lead came in, or came in again; a second one is a re-engagement.

    `sealed` holds the personal fields, encrypted under the lead's own key (see the vault).
    """

    type: ClassVar[str] = "lead-created"

    features: Features
    sealed: str


class ReplyReceived(LeadFact):
    """The lead answered on a channel."""

    type: ClassVar[str] = "reply-received"

    channel: Channel


class MeetingBooked(LeadFact):
    """The lead booked a meeting; `starts_at` where its source told it."""

    type: ClassVar[str] = "meeting-booked"

    starts_at: AwareDatetime | None = None


class OptedOut(LeadFact):
    """The lead asked not to be contacted, on one channel or at all."""

    type: ClassVar[str] = "opted-out"

    channel: Channel | Literal["all"] = "all"


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
