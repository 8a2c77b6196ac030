"""What happened to leads in the queue, and the priority table as a stream."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from schemas.events.explanation import Explanation
from schemas.events.fact import ADDED, Channel, LeadFact, Text
from schemas.events.plan import OpenHours


class ClaimFact(LeadFact):
    """A fact about one hold of a lead by one rep; `fence` rises with each hold of that lead."""

    claim_id: UUID
    plan_id: UUID
    rep_id: Text
    fence: int


class LeadClaimed(ClaimFact):
    """A rep was given the lead; `reason` says why this one, in words.

    `explanation` holds what the choice was made from.
    """

    type: ClassVar[str] = "lead-claimed"

    leased_until: AwareDatetime
    reason: str
    explanation: Explanation | None = ADDED


class ClaimReleased(ClaimFact):
    """The rep gave the lead back, with a reason.

    `left` where it went back as the rep stopped work: the rep may be given the same touch again.
    """

    type: ClassVar[str] = "claim-released"

    reason: Text
    left: bool | None = ADDED


class ClaimExpired(ClaimFact):
    """The rep neither renewed nor ended the claim in time."""

    type: ClassVar[str] = "claim-expired"


class ClaimDisposed(ClaimFact):
    """The rep ended the claim with a result code."""

    type: ClassVar[str] = "claim-disposed"

    result_code: Text


class LeadRanked(LeadFact):
    """The lead's row in the live priority table; a tombstone takes it out.

    `open_hours` as the plan has them. From `tier_until` on, where it is given, the lead is in
    `later_tier`.
    """

    type: ClassVar[str] = "lead-ranked"

    plan_id: UUID
    team: Text
    tier: Text
    channel: Channel
    activity: Text
    not_before: AwareDatetime
    due_at: AwareDatetime
    lapses_at: AwareDatetime
    open_hours: tuple[OpenHours, ...] | None = ADDED
    tier_until: AwareDatetime | None = ADDED
    later_tier: Text | None = ADDED
