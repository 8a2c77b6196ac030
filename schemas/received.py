"""What others send us on Kafka and over HTTP, before it is a fact: checked strictly, once."""

from typing import Annotated, ClassVar, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from schemas.events.fact import ADDED, Channel, ChannelConsent, Frozen, Language, Moment, Text
from schemas.events.lead import Signal

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

Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$"
    ),
]
Phone = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9 ().\-/]{5,32}$")
]
Domain = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=253, pattern=r"^[^@\s\x00.]+(\.[^@\s\x00.]+)+$"
    ),
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Note = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]

ListedChannel = Literal[Channel, "all"]


class Received(Frozen):
    """A message of another team. Unknown keys are refused: a misspelt field must not be lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str]
    version: ClassVar[int] = 1


class Identity(Received):
    """Who a message is about: at least one of e-mail, phone and the sender's own id."""

    email: Email | None = None
    phone: Phone | None = None
    external_id: Text | None = None

    @model_validator(mode="after")
    def _identified(self) -> "Identity":
        if self.email is None and self.phone is None and self.external_id is None:
            raise ValueError("needs one of email, phone, external_id, to know whose lead it is")
        return self


class MqlReceived(Identity):
    """A marketing-qualified lead, as `POST /v1/leads` and sales.mql.received.v1 take it."""

    type: ClassVar[str] = "mql-received"

    occurred_at: Moment | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    title: Text | None = None
    company: Text | None = None
    profile_url: Text | None = None
    note: Note | None = None
    campaign: Text | None = None
    country: Country | None = None
    region: Text | None = None
    time_zone: Text | None = None
    score: Annotated[int, Field(ge=0, le=100)] | None = None
    consent: ChannelConsent = ChannelConsent()
    language: Language | None = ADDED


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
        if (self.lead_id is None) == (self.identity is None):
            raise ValueError("needs exactly one of lead_id and identity")
        if (self.outcome == "touched") != (self.result_code is not None):
            raise ValueError("result_code goes with outcome 'touched', and only with it")
        return self


ABOUT: Final = frozenset({"event", "lead_id", "identity", "source", "occurred_at"})
"""The fields of an event that say whose it is, and when it was; the others say what happened."""


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
        _check_whose(self)
        return self


class LeadUpdateReceived(Received):
    """What a lead is by now, as `POST /v1/events` and sales.touch.received.v1 take it.

    Beside `event` and whose it is, as in an event-received, stand the fields of its MQL that are
    to be told anew; what is left out stays as it was. The person alone is told whole: who tells
    one of its fields tells all that it has. Those of `identity` count as told then.
    """

    type: ClassVar[str] = "lead-update-received"

    event: Literal["lead-updated"]
    lead_id: UUID | None = None
    identity: Identity | None = None
    source: Text | None = None
    occurred_at: Moment | None = None
    email: Email | None = None
    phone: Phone | None = None
    external_id: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    title: Text | None = None
    company: Text | None = None
    profile_url: Text | None = None
    note: Note | None = None
    country: Country | None = None
    region: Text | None = None
    time_zone: Text | None = None
    score: Annotated[int, Field(ge=0, le=100)] | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _of_a_lead(self) -> "LeadUpdateReceived":
        _check_whose(self)
        if self.region is not None and self.country is None:
            raise ValueError("region is one of a country: send country with it")
        if not self.model_dump(exclude_none=True, exclude=set(ABOUT)):
            raise ValueError("tells nothing of the lead: send what is to be told anew")
        return self


class ConsentReceived(Received):
    """That a lead allows a channel, as `POST /v1/events` and sales.touch.received.v1 take it.

    Whose it is, is said as in an event-received; `occurred_at` is when the consent was given.
    """

    type: ClassVar[str] = "consent-received"

    event: Literal["consent-given"]
    lead_id: UUID | None = None
    identity: Identity | None = None
    source: Text | None = None
    occurred_at: Moment | None = None
    channel: ListedChannel

    @model_validator(mode="after")
    def _of_a_lead(self) -> "ConsentReceived":
        _check_whose(self)
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
        if (self.lead_id is None) == (self.identity is None):
            raise ValueError("needs exactly one of lead_id and identity")
        return self


def _check_whose(told: LeadUpdateReceived | ConsentReceived | EventReceived) -> None:
    if (told.lead_id is None) == (told.identity is None):
        raise ValueError("needs exactly one of lead_id and identity")
    if told.source is not None and told.identity is None:
        raise ValueError("source says whose identity it is, and goes with identity only")


class DoNotContactReceived(Received):
    """What must not be contacted, as `POST /v1/do-not-contact` takes it: a number or mail domain.

    `country` is whose number a national one is. `listed` false takes it off the list again.
    """

    type: ClassVar[str] = "do-not-contact-received"

    phone: Phone | None = None
    domain: Domain | None = None
    country: Country | None = None
    channel: ListedChannel = "all"
    listed: bool = True

    @model_validator(mode="after")
    def _of_one(self) -> "DoNotContactReceived":
        if (self.phone is None) == (self.domain is None):
            raise ValueError("needs exactly one of phone and domain")
        return self
