"""Who is next: where a planned touch stands in the order of the queue, now and later.

A rank is data: ascending (tier_order, order_key) is the order in which a queue serves, in Python
and in SQL alike. A score is minutes of waiting. All touches of a tier wait at the same speed, so
which of two is first never changes with time, and one number says it. What does change, that a
touch goes on to another tier after its last window, has its moment in the rank. So nothing is
ranked again when time passes, and whoever knows the lead, the plan and the queue finds the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from engagement.playbook.queue import Queue
from engagement.playbook.tier import Term, Tier
from engagement.playbook.touch import untouched
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned

Bucket = Literal["urgent", "personal", "shared"]
"""Whose a touch is. personal: the rep's own. urgent: anybody's, and of a tier that the first who
is free takes, such as promised calls and new leads. shared: the team's, in its turn."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60_000_000


class Known(NamedTuple):
    """What a rank looks at besides the plan. `opened_at`: when the first touch of this enrolment
    might be made, so that no window begins before the lead may be touched."""

    features: Features
    entered_at: datetime
    opened_at: datetime


class Place(NamedTuple):
    """A place in the order: the smaller (tier_order, order_key) is served first.

    `order_key` is in microseconds and fits a bigint; `terms` are those that moved it.
    """

    tier: str
    tier_order: int
    order_key: int
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a planned touch stands, and from `until` on, where that is given, `later`."""

    place: Place
    since: datetime
    """From when its windows count."""
    until: datetime | None = None
    later: Place | None = None

    def at(self, moment: datetime) -> Place:
        """Where it stands at this moment."""
        return (
            self.place if self.until is None or moment < self.until else self.later or self.place
        )


def bucket(urgent: bool, own: bool) -> Bucket:
    """The bucket of a touch, as the rep sees it whose `own` it is or is not."""
    if own:
        return "personal"
    return "urgent" if urgent else "shared"


def rank(queue: Queue, known: Known, plan: TouchPlanned) -> Rank:
    """Where the touch stands by this queue; never served before its `not_before`, wherever."""
    tier = queue.tier_for(plan, known.features)
    since = known.opened_at if untouched(plan) else plan.not_before
    if tier.then is None or tier.windows is None:
        return Rank(_place(queue, tier, known, plan), since)
    later = _place(queue, queue.tiers[queue.place[tier.then]], known, plan)
    until = since + timedelta(minutes=tier.windows[-1])
    if until <= plan.not_before:
        return Rank(later, since)
    first = _place(queue, tier, known, plan)
    return Rank(first, since, until, later) if until < plan.lapses_at else Rank(first, since)


def _place(queue: Queue, tier: Tier, known: Known, plan: TouchPlanned) -> Place:
    held = tuple(one for one in tier.terms or () if one.when.hold(plan, known.features))
    waits = _microseconds(_anchor(tier, known, plan))
    key = (waits if tier.first == "oldest" else -waits) - _bonus(held)
    return Place(tier.name, queue.place[tier.name], key, held)


def _anchor(tier: Tier, known: Known, plan: TouchPlanned) -> datetime:
    match tier.by:
        case "entered":
            return known.entered_at
        case "opened":
            return known.opened_at
        case "not_before":
            return plan.not_before
        case "due":
            return plan.due_at
        case "planned":
            return plan.recorded_at


def _bonus(terms: Iterable[Term]) -> int:
    return sum(term.minutes for term in terms) * _MINUTE


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
