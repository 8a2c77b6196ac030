"""What others tell us of who a lead is, what it allows, and who is not to be contacted."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from schemas.events.fact import ADDED, ChannelConsent, Language, Moment, Text
from schemas.received.message import (
    ABOUT,
    Country,
    Domain,
    Email,
    Identity,
    ListedChannel,
    Note,
    Phone,
    Received,
    check_whose,
)


class _Spelt(ChannelConsent):
    """A consent as others tell it: a channel of another name is refused, and not passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _spelt(told: object) -> object:
    """The consent as it came; facts hold it in a class that passes over what it does not know."""
    if isinstance(told, dict):
        _Spelt.__pydantic_validator__.validate_python(told)
    return told


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
    consent: Annotated[ChannelConsent, BeforeValidator(_spelt)] = ChannelConsent()
    language: Language | None = ADDED


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
        check_whose(self.lead_id, self.identity, self.source)
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
        check_whose(self.lead_id, self.identity, self.source)
        return self


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
