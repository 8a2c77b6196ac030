"""Who is next: tiers in a fixed order, and one order within each tier.

A rank is data: ascending (tier_order, order_key) is the order in which a queue serves, in Python
and in SQL alike. It depends on the plan alone, so nothing is ranked again when time passes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Literal, get_args

from schemas.events.decision import TouchPlanned

Tier = Literal["callback", "new", "retry", "due", "end-of-queue"]
"""In the order of service."""

TIERS: tuple[Tier, ...] = get_args(Tier)

Bucket = Literal["urgent", "personal", "shared"]
"""Whose a touch is. personal: the rep's own. urgent: anybody's, and promised or new, so the first
who is free takes it. shared: the team's, in its turn."""

REASONS: Mapping[Tier, str] = MappingProxyType(
    {
        "callback": "the lead was promised a call; the one promised first comes first",
        "new": "nobody has touched this lead since it came in; the newest comes first",
        "retry": "its last touch is to be tried again soon; the one due first comes first",
        "due": "its next touch is due; the one due first comes first",
        "end-of-queue": "it was put behind all others; the one touched longest ago comes first",
    }
)
"""Why a lead of this tier is served where it is, as part of a sentence."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a planned touch stands: the smaller (tier_order, order_key) is served first."""

    tier: Tier
    tier_order: int
    order_key: int
    """Microseconds since 1970 UTC; negative where the newest comes first. Fits a bigint."""


def bucket(tier: Tier, own: bool) -> Bucket:
    """The bucket of a touch, as the rep sees it whose `own` it is or is not."""
    if own:
        return "personal"
    return "urgent" if tier in {"callback", "new"} else "shared"


def rank(plan: TouchPlanned) -> Rank:
    """The plan's place: promised calls, then leads that nobody touched in this enrolment."""
    if plan.again == "callback":
        return _rank("callback", _microseconds(plan.not_before))
    if plan.again == "end-of-queue":
        return _rank("end-of-queue", _microseconds(plan.recorded_at))
    if plan.again == "retry":
        return _rank("retry", _microseconds(plan.due_at))
    if plan.attempts == 0:
        return _rank("new", -_microseconds(plan.recorded_at))
    return _rank("due", _microseconds(plan.due_at))


def _rank(tier: Tier, order_key: int) -> Rank:
    return Rank(tier, TIERS.index(tier), order_key)


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
