"""What is open between the first and the last moment of a touch, where that is not all of it."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from engagement.calendar.window import Span
from schemas.events.plan import OpenHours, TouchPlanned
from schemas.events.unchecked import unchecked

_open_hours = unchecked(OpenHours)


def several(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans, where they are more than one: one alone says what the two moments say."""
    return spans if len(spans) > 1 else ()


def cut(spans: Iterable[Span], begin: datetime, end: datetime) -> tuple[Span, ...]:
    """What lies between the two moments."""
    narrowed = (Span(max(opens_at, begin), min(closes_at, end)) for opens_at, closes_at in spans)
    return tuple(span for span in narrowed if span.opens_at < span.closes_at)


def kept(moment: datetime, until: datetime, lawful: tuple[Span, ...]) -> tuple[Span, ...]:
    """A promise is kept at its moment, up to `until`, whatever the law says; later by the law."""
    if not lawful:
        return ()
    first, *rest = lawful
    if first.opens_at <= until:
        return several((Span(moment, max(first.closes_at, until)), *rest))
    return Span(moment, until), first, *rest


def lapsing_by(plan: TouchPlanned, end: datetime) -> TouchPlanned:
    """The plan, which lapses at `end` at the latest: with the last of its open hours before it."""
    if plan.lapses_at <= end:
        return plan
    told = ((one.opens_at, one.closes_at) for one in plan.open_hours or ())
    spans = cut((Span(*one) for one in told), plan.not_before, end)
    lapses_at = spans[-1].closes_at if spans else end
    changes = {"due_at": min(plan.due_at, lapses_at), "lapses_at": lapses_at}
    return plan.model_copy(update={**changes, "open_hours": as_told(several(spans))})


@lru_cache(maxsize=4_096)
def as_told(spans: tuple[Span, ...]) -> tuple[OpenHours, ...] | None:
    """As a plan tells them; leads of one zone share their windows."""
    told = [_open_hours(opens_at=opens_at, closes_at=closes_at) for opens_at, closes_at in spans]
    return tuple(told) or None
