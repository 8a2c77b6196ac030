"""What a calendar, and the law where the lead is, leave open of a day: by the lead's clock."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from engagement.calendar import us_states
from engagement.calendar.place import Place
from engagement.calendar.public_holidays import is_holiday
from engagement.calendar.weekdays import Weekday, weekday_of
from schemas.events.fact import Channel

if TYPE_CHECKING:
    from engagement.playbook.calendar import Calendar
    from engagement.playbook.part_of_day import Hours, Lunch

SHORTEST = timedelta(hours=1)
"""What is left of a window must be at least this, or the touch waits for the next one."""


class Part(NamedTuple):
    """From `opens` up to before `closes`; `rule` is the one that lets it open then."""

    opens: time
    closes: time
    rule: str


class Day(NamedTuple):
    """The open parts of a day in order, each SHORTEST or longer; `rule` closes what is left."""

    parts: tuple[Part, ...]
    rule: str


def rules_of(
    calendar: "Calendar", hours: "Hours", place: Place, channel: Channel, day: date
) -> Day:
    """What of this day is open for touches on this channel; `hours` are the step's."""
    closed = _closed(calendar, place, day)
    if closed is not None:
        return Day((), closed)
    return _legal(calendar, place, channel, day, _open(calendar, hours, weekday_of(day)))


def calling_on(
    calendar: "Calendar", place: Place, channel: Channel, day: date
) -> us_states.Calling | str | None:
    """The calling hours of this day, or the rule that forbids it; nothing where none hold.

    A lead whose country nobody told may be an American.
    """
    regulated = calendar.calling_rules is not None and channel in ("call", "sms")
    if not regulated or place.country not in ("US", None):
        return None
    return us_states.calling(day, place.region if place.country else None)


def _closed(calendar: "Calendar", place: Place, day: date) -> str | None:
    weekday = weekday_of(day)
    if weekday not in calendar.days:
        return f"days: not on {weekday}"
    if calendar.team_days is not None and weekday not in calendar.team_days:
        return f"team_days: not on {weekday}"
    if calendar.closed is not None and day in calendar.closed:
        return f"closed: {day}"
    return _holiday(calendar, place, day)


def _holiday(calendar: "Calendar", place: Place, day: date) -> str | None:
    for observed in calendar.holidays or ():
        country, region = place.country, place.region
        if observed != "lead":
            country, _, region = observed.partition("-")
        if is_holiday(day, country, region):
            return f"holidays: {country}-{region}" if region else f"holidays: {country}"
    return None


@lru_cache(maxsize=1_024)
def _open(calendar: "Calendar", hours: "Hours", weekday: Weekday) -> Day:
    """What the hours leave. On a weekday with hours of its own, those of a step narrow them."""
    own = calendar.own_hours(weekday)
    bounds = [own or hours] if hours == calendar.hours else [own or hours, hours]
    opens = max(bound.opens for bound in bounds)
    closes = min(bound.closes for bound in bounds)
    rule = "hours: " + " and ".join(dict.fromkeys(map(str, bounds)))
    return Day(_long((Part(opens, closes, rule),), calendar.lunch), rule)


def _legal(calendar: "Calendar", place: Place, channel: Channel, day: date, found: Day) -> Day:
    """What calling rules leave of it."""
    allowed = calling_on(calendar, place, channel, day)
    if allowed is None:
        return found
    if isinstance(allowed, str):
        return Day((), allowed)
    parts = tuple(
        Part(
            max(part.opens, allowed.opens),
            min(part.closes, allowed.closes),
            allowed.rule if allowed.opens > part.opens else part.rule,
        )
        for part in found.parts
    )
    left = _long(parts, None)
    return Day(left, found.rule if left == found.parts else allowed.rule)


def _long(parts: tuple[Part, ...], lunch: "Lunch | None") -> tuple[Part, ...]:
    return tuple(
        piece for part in parts for piece in _around(part, lunch) if _length(piece) >= SHORTEST
    )


def _around(part: Part, lunch: "Lunch | None") -> Iterator[Part]:
    if lunch is None:
        yield part
        return
    yield part._replace(closes=min(part.closes, lunch.opens))
    late = part.opens >= lunch.closes
    yield part if late else Part(lunch.closes, part.closes, f"lunch: {lunch}")


def _length(part: Part) -> timedelta:
    opens, closes = part.opens, part.closes
    return timedelta(hours=closes.hour - opens.hour, minutes=closes.minute - opens.minute)
