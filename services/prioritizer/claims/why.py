"""Why this lead and no other: what the choice was made from, and the same in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from engagement.playbook.queue import DEFAULT
from engagement.priority import Bucket, bucket
from schemas.events.explanation import Explanation
from services.prioritizer.serving.kept_back_sql import MOST_BEHIND, MOST_COUNTED

BLOCKS: Mapping[str, str] = MappingProxyType(
    {
        "callback-not-due": "the promised time of the call has not come",
        "wait-after-result": "the wait after the last touch's result is not over",
        "pause-or-cap": "a pause or a cap moved the touch",
        "condition-not-met": "its condition is not met; unless it is, the touch lapses unmade",
        "window-not-open": "the day or the calling hours of the step have not come",
        "kept-for-rep": "the touch is another rep's, who still has time for it",
        "held": "a rep is working the lead",
        "rep-new-leads": "this rep began as many new leads in 24 hours as a rep may",
        "team-new-leads": "the team began as many new leads in 24 hours as it may",
        "rep-own-leads": "this rep has as many leads of its own as a rep may",
        "rep-touches": "this rep made as many touches in 24 hours as a rep may",
        "team-active-leads": "the team works on as many leads as it may",
        "given-back": "this rep gave the touch back",
        "paused": "people paused the lead, until they resume it",
        "for-tools": "the touch is automated, and no rep's",
        "requested": "tools were asked to make the touch",
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
    """An explanation in the queue's own words: `kept_for` is one of three."""

    kept_for: Literal["you", "another", "absent"] | None = None

    @property
    def bucket(self) -> Bucket:
        """Whose touch it was, as the rep saw it."""
        urgent = DEFAULT.is_urgent(self.tier) if self.urgent is None else self.urgent
        return bucket(urgent, self.kept_for == "you")

    @property
    def words(self) -> str:
        """The reason as a rep reads it."""
        waited = f"waiting {span(self.waited_seconds)}"
        kept = _KEPT[self.kept_for] if self.kept_for else ""
        age = window(self.windows, self.age_seconds)
        waited += f", {age}" if age else ""
        if self.picked:
            others = f"{_others(self.others)} could be had"
            return f"{self.tier}: picked from the list{kept}; {waited}; {others}"
        reason = f"{sentence(self.tier, self.says)}{kept}"
        return f"{self.tier}: {reason}; {waited}; {_before(self.others)}"


def sentence(tier: str, says: str | None) -> str:
    """Why a lead of this tier is served where it is; claims of older releases do not tell."""
    known = (one.sentence for one in DEFAULT.tiers if one.name == tier)
    return says or next(known, "its playbook puts it there")


def window(windows: tuple[int, ...] | None, age_seconds: int | None) -> str | None:
    """Within which window of its tier a touch is, or by how much it is over the last one."""
    if not windows or age_seconds is None:
        return None
    within = next((one for one in windows if age_seconds < one * 60), None)
    if within is not None:
        return f"within its {within} minutes"
    return f"over its {windows[-1]} minutes by {span(age_seconds - windows[-1] * 60)}"


def counted(leads: int, most: int = MOST_COUNTED) -> str:
    """A count that ends at `most`, as a rep reads it."""
    return f"{leads} or more" if leads >= most else str(leads)


def span(seconds: int) -> str:
    """A wait in its largest unit."""
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _before(others: int) -> str:
    if others == 0:
        return "no other lead is due"
    return f"before {_others(others)}"


def _others(others: int) -> str:
    return f"{counted(others, MOST_BEHIND)} other{'' if others == 1 else 's'}"
