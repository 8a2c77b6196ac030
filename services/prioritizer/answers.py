"""What the queue API takes and gives."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from engagement.priority import Bucket
from schemas.events.fact import ADDED, Channel, Features, Frozen, Moment, Text
from schemas.received.message import Note
from services.prioritizer.claims.claim import Claim, State
from services.prioritizer.claims.in_hand import Given
from services.prioritizer.claims.why import Why
from services.prioritizer.reading.person import Person
from services.runtime.access.roles import Role

Fence = Annotated[int, Field(ge=1, lt=2**63, description="As given with the claim.")]


class Request(BaseModel):
    """Unknown fields are refused: a misspelt one must not be lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fence: Fence


class Renewal(Request):
    """Keep the lead for another lease."""


class Release(Request):
    """Give the lead back."""

    reason: Text


class Dispose(Request):
    """Say how the touch went; without a channel it was made on the planned one."""

    result_code: Text
    channel: Channel | None = None
    note: Note | None = None
    callback_at: Annotated[
        Moment | None,
        Field(
            description="When the rep promised to call back: later than now, within a year. Only"
            " with a result code whose action is schedule-callback."
        ),
    ] = None


class Lease(Frozen):
    """A claim in force. Every request about it repeats its fence."""

    id: UUID
    fence: int
    leased_until: AwareDatetime

    @classmethod
    def of(cls, claim: Claim) -> "Lease":
        """What the rep needs to know of it."""
        return cls(id=claim.claim_id, fence=claim.fence, leased_until=claim.leased_until)


class Lead(Frozen):
    """The person's fields as their source told them; null once the person was erased."""

    id: UUID
    person: Person | None
    features: Features


class Activity(Frozen):
    """The one thing to do, and the result codes that it may end with.

    `kind`, `attempt` and `for_rep` are there where the plan has them: how the channel is used,
    which plan of the step this is (from 2 on), and the one rep whose touch it is.
    """

    plan_id: UUID
    channel: Channel
    activity: Text
    step: int
    steps: int
    attempts: int
    due_at: AwareDatetime
    lapses_at: AwareDatetime
    result_codes: tuple[Text, ...]
    kind: Text | None = ADDED
    attempt: int | None = ADDED
    for_rep: Text | None = ADDED


class Reason(Frozen):
    """Why this lead: in words, and what the choice was made from."""

    tier: Text
    bucket: Bucket
    words: str
    inputs: Why


class NextLead(Frozen):
    """The next lead, the recommended activity, and why.

    `withdrawn`: the touch is not wanted any more, as the lead opted out, say: do not make it. If
    it was made, end the claim with its result; else give the lead back.
    """

    claim: Lease
    lead: Lead
    activity: Activity
    why: Reason
    withdrawn: bool

    @classmethod
    def of(cls, given: Given) -> "NextLead":
        """As the rep sees it."""
        claim = given.claim
        why = claim.why
        return cls(
            claim=Lease.of(claim),
            lead=Lead(id=claim.lead_id, person=given.person, features=given.features),
            activity=Activity.model_validate(claim.plan, from_attributes=True),
            why=Reason(tier=why.tier, bucket=why.bucket, words=why.words, inputs=why),
            withdrawn=given.withdrawn,
        )


class Me(Frozen):
    """The caller, as key or token tell it; no team where none is the caller's."""

    subject: Text
    roles: frozenset[Role]
    team: Text | None


class Ended(Frozen):
    """A claim that is over; `outcome` is the reason of a release or the result code.

    `callback_at` is there where the rep promised the lead a call.
    """

    id: UUID
    fence: int
    state: State
    outcome: Text
    closed_at: AwareDatetime
    callback_at: AwareDatetime | None = ADDED

    @classmethod
    def of(cls, claim: Claim) -> "Ended":
        """What is kept of it."""
        return cls.model_validate({**claim.model_dump(), "id": claim.claim_id})
