"""What others tell us of what happened to a lead."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import model_validator

from schemas.events.fact import Channel, Disposition, Moment, Text
from schemas.events.lead import Signal
from schemas.received.message import Identity, ListedChannel, Received, check_whose

Happened = Literal[
    "touch-logged",
    "reply-received",
    "meeting-booked",
    "opted-out",
    "bounced",
    "callback-requested",
    "lead-reassigned",
    "enrolment-paused",
    "enrolment-resumed",
]
"""The facts about leads that others may tell, by their names in sales.lead.events.v1."""


class TouchReceived(Received):
    """What a dialer, mail or social tool saw: a touch, or what the lead did after one.

    `result_code` goes with outcome "touched" and is one of the playbook's. The lead is named by
    `lead_id`, or by the same identity fields that its MQL carried.
    """

    type: ClassVar[str] = "touch-received"

    lead_id: UUID | None = None
    identity: Identity | None = None
    outcome: Literal["touched", "replied", "meeting-booked", "opted-out"]
    channel: Channel
    occurred_at: Moment
    plan_id: UUID | None = None
    result_code: Text | None = None
    rep_id: Text | None = None
    starts_at: Moment | None = None

    @model_validator(mode="after")
    def _complete(self) -> "TouchReceived":
        check_whose(self.lead_id, self.identity)
        if (self.outcome == "touched") != (self.result_code is not None):
            raise ValueError("result_code goes with outcome 'touched', and only with it")
        return self


class EventReceived(Received):
    """What happened to a lead, as `POST /v1/events` and sales.touch.received.v1 take it.

    `event` names the fact in sales.lead.events.v1 that comes of it; beside it go that fact's own
    fields, and no others. The lead is named by `lead_id`, or by `identity`: the fields that its
    MQL carried. `source` is who sent that MQL, where it was somebody else: an `external_id` and a
    national number mean something only there. Without `occurred_at` it occurred when it came.
    """

    type: ClassVar[str] = "event-received"

    event: Happened
    lead_id: UUID | None = None
    identity: Identity | None = None
    source: Text | None = None
    occurred_at: Moment | None = None
    channel: ListedChannel | None = None
    plan_id: UUID | None = None
    result_code: Text | None = None
    rep_id: Text | None = None
    callback_at: Moment | None = None
    auto_reply: bool | None = None
    returns_on: Moment | None = None
    starts_at: Moment | None = None
    until: Moment | None = None

    @model_validator(mode="after")
    def _of_a_lead(self) -> "EventReceived":
        check_whose(self.lead_id, self.identity, self.source)
        return self


class RemovalReceived(Received):
    """That people take a lead out of its cadence, as `POST /v1/events` takes it of an operator.

    Whose it is, is said as in an event-received; `rep_id` is who decided it, and `why`.
    """

    type: ClassVar[str] = "removal-received"

    event: Literal["enrolment-removed"]
    lead_id: UUID | None = None
    identity: Identity | None = None
    source: Text | None = None
    occurred_at: Moment | None = None
    rep_id: Text | None = None
    why: Disposition | None = None

    @model_validator(mode="after")
    def _of_a_lead(self) -> "RemovalReceived":
        check_whose(self.lead_id, self.identity, self.source)
        return self


class EngagementReceived(Received):
    """What a mail or social tool saw of a lead that has not answered.

    It opened a message, clicked a link in one, or accepted a request to connect. The lead is
    named by `lead_id`, or by `identity`: the fields that its MQL carried. `plan_id` names the
    touch with which that was sent.
    """

    type: ClassVar[str] = "engagement-received"

    lead_id: UUID | None = None
    identity: Identity | None = None
    occurred_at: Moment
    channel: Channel
    signal: Signal
    plan_id: UUID | None = None

    @model_validator(mode="after")
    def _of_a_lead(self) -> "EngagementReceived":
        check_whose(self.lead_id, self.identity)
        return self
