"""Why this lead and no other: what the choice was made from, and the same in words."""

from typing import Literal

from engagement.priority import REASONS, Tier
from schemas.events.fact import Frozen

MOST_COUNTED = 100
"""Leads waiting behind are counted up to here, so that a question costs the same in any queue."""

_KEPT = {
    "you": "; planned for you",
    "another": "; planned for another rep, who did not come in time",
}
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


class Why(Frozen):
    """The inputs of a choice. Ascending (tier_order, order_key) is the order of service."""

    tier: Tier
    tier_order: int
    order_key: int
    kept_for: Literal["you", "another"] | None = None
    """Whose touch it is, where it is one rep's: another rep's is given after a grace."""
    waited_seconds: int
    """Since the touch could first be made."""
    others: int
    """How many of the team's leads could have been served as well, counted up to MOST_COUNTED."""

    @property
    def words(self) -> str:
        """The reason as a rep reads it."""
        waited = f"waiting {_span(self.waited_seconds)}"
        kept = _KEPT[self.kept_for] if self.kept_for else ""
        return f"{self.tier}: {REASONS[self.tier]}{kept}; {waited}; {_before(self.others)}"


def _before(others: int) -> str:
    if others == 0:
        return "no other lead is due"
    counted = f"{others} or more" if others >= MOST_COUNTED else str(others)
    return f"before {counted} other{'' if others == 1 else 's'}"


def _span(seconds: int) -> str:
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
