"""What every fact has: immutability, a lead, and two times."""

from datetime import UTC, datetime
from operator import methodcaller
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from schemas.text import uuid_text

Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
"""A short text without NUL, which PostgreSQL cannot store."""

Moment = Annotated[
    AwareDatetime,
    Field(
        ge=datetime(1970, 1, 1, tzinfo=UTC),
        lt=datetime(2200, 1, 1, tzinfo=UTC),
        description="from 1970 on, before 2200",
    ),
]
"""A time that a stranger told: near enough to ours that sums of it and a wait stay in range."""

ADDED: Any = Field(default=None, exclude_if=lambda value: value is None)
"""The default of a field that a version did not have at first: left out where there is none, so
that an event which does not need it is written as it always was."""

InUtc = Annotated[AwareDatetime, AfterValidator(methodcaller("astimezone", UTC))]
"""A time, in Python's own UTC: rules compare times all day, and to compare those of two
zone objects takes four times as long."""

Channel = Literal["call", "email", "sms", "social"]
Consent = Literal["granted", "denied", "unknown"]
Disposition = Literal[
    "bad-data",
    "contact-later",
    "connected",
    "disqualified",
    "duplicate",
    "engaged",
    "no-response",
    "not-interested",
    "success",
]
"""With what people leave a lead alone: the completion dispositions of Salesforce's cadences
(ActionCadenceTracker, since v51).

bad-data: its number, its address or the person is wrong. contact-later: it is to be asked another
time. connected: somebody spoke with it, and nothing is left to do. disqualified: it does not fit
what is sold. duplicate: it is another lead already. engaged: it is being talked to in another way.
no-response: nothing was heard of it. not-interested: it said no. success: what the cadence was for
is reached."""
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Frozen(BaseModel):
    """An immutable value. Unknown keys are passed over: an added field breaks no reader."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Fact(Frozen):
    """Something that happened. `type` and `version` travel in the envelope, not in the value.

    `occurred_at` is the business time, told by the fact's source; `recorded_at` is stamped once,
    when the fact was accepted, and is the "now" of every decision made from it.
    """

    type: ClassVar[str]
    version: ClassVar[int] = 1

    occurred_at: InUtc
    recorded_at: InUtc

    @property
    def key(self) -> bytes | None:
        """The Kafka key: the lead's id as text, or nothing for a fact about no lead."""
        return None


class LeadFact(Fact):
    """A fact about one lead; all facts of a lead lie on one partition, in order."""

    lead_id: UUID

    @property
    def key(self) -> bytes:
        return uuid_text(self.lead_id)


class ChannelConsent(Frozen):
    """What the lead allowed, by channel; "unknown" where its source says nothing."""

    call: Consent = "unknown"
    email: Consent = "unknown"
    sms: Consent = "unknown"
    social: Consent = "unknown"


Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
"""A language by its two letters in ISO 639."""


Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""A country by its two letters in ISO 3166-1."""

ZoneFound = Literal["phone", "country"]
Mail = Literal["business", "free"]


class Features(Frozen):
    """What rules may look at: derived when the lead is accepted, in clear, and not personal.

    `zone_source` says by what `time_zone` was inferred; nothing where the lead came with it.
    """

    source: Text
    campaign: Text | None = None
    country: Country | None = None
    region: Text | None = None
    time_zone: Text | None = None
    mail: Mail | None = None
    score: int | None = None
    consent: ChannelConsent = ChannelConsent()
    zone_source: ZoneFound | None = ADDED
    language: Language | None = ADDED


class NewFeatures(Frozen):
    """Features that a source tells anew; what it does not tell stays as it was.

    A `country` is told with its `region`, and a `time_zone` with how it was found: none beside it
    is none. `source`, `campaign` and consent are not among them: where a lead came from does not
    change, and consent is a fact of its own.
    """

    country: Country | None = ADDED
    region: Text | None = ADDED
    time_zone: Text | None = ADDED
    zone_source: ZoneFound | None = ADDED
    mail: Mail | None = ADDED
    score: int | None = ADDED
    language: Language | None = ADDED

    @property
    def told(self) -> dict[str, str | int | None]:
        """What is to be put in place of what was known, by the names that Features has."""
        named = [name for name, value in self if value is not None]
        beside = [_BESIDE[name] for name in named if name in _BESIDE]
        return {name: getattr(self, name) for name in dict.fromkeys((*named, *beside))}


_BESIDE = {"country": "region", "time_zone": "zone_source"}
