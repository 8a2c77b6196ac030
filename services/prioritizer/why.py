"""Why this lead and no other: what the choice was made from, and the same in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from engagement.priority import REASONS, Bucket, Tier, bucket
from schemas.events.explanation import Explanation
from services.prioritizer.claim_sql import MOST_COUNTED

BLOCKS: Mapping[str, str] = MappingProxyType(
    {
        "callback-not-due": "the promised time of the call has not come",
        "wait-after-result": "the wait after the last touch's result is not over",
        "pause-or-cap": "a pause or a cap moved the touch",
        "window-not-open": "the day or the calling hours of the step have not come",
        "kept-for-rep": "the touch is another rep's, who still has time for it",
        "held": "a rep is working the lead",
        "rep-new-leads": "this rep began as many new leads in 24 hours as a rep may",
        "team-new-leads": "the team began as many new leads in 24 hours as it may",
        "rep-own-leads": "this rep has as many leads of its own as a rep may",
        "given-back": "this rep gave the touch back",
    }
)
"""What each rule that keeps leads back means, as part of a sentence."""

_KEPT = {
    "you": "; planned for you",
    "another": "; planned for another rep, who did not come in time",
    "absent": "; planned for another rep, who is away",
}
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


class Why(Explanation):
    """An explanation in the queue's own words: `tier` is one of ours, `kept_for` one of three."""

    tier: Tier
    kept_for: Literal["you", "another", "absent"] | None = None

    @property
    def bucket(self) -> Bucket:
        """Whose touch it was, as the rep saw it."""
        return bucket(self.tier, self.kept_for == "you")

    @property
    def words(self) -> str:
        """The reason as a rep reads it."""
        waited = f"waiting {span(self.waited_seconds)}"
        kept = _KEPT[self.kept_for] if self.kept_for else ""
        if self.picked:
            others = f"{counted(self.others)} other{'' if self.others == 1 else 's'} could be had"
            return f"{self.tier}: picked from the list{kept}; {waited}; {others}"
        return f"{self.tier}: {REASONS[self.tier]}{kept}; {waited}; {_before(self.others)}"


def counted(leads: int) -> str:
    """A count that ends at MOST_COUNTED, as a rep reads it."""
    return f"{leads} or more" if leads >= MOST_COUNTED else str(leads)


def span(seconds: int) -> str:
    """A wait in its largest unit."""
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _before(others: int) -> str:
    if others == 0:
        return "no other lead is due"
    return f"before {counted(others)} other{'' if others == 1 else 's'}"
