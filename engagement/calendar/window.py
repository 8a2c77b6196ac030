"""Windows: when a lead may be touched, as moments in UTC, right over changes of the clock."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from engagement.calendar import zones
from engagement.calendar.never import HORIZON
from engagement.calendar.place import Place, looked_at
from engagement.calendar.rules import SHORTEST, Part, calling_on, rules_of
from engagement.playbook.calendar import Calendar
from engagement.playbook.part_of_day import Hours
from schemas.events.fact import Channel

_DAY = timedelta(days=1)
_NOTHING_PASSED = datetime(1970, 1, 1, tzinfo=UTC)


class Denied(NamedTuple):
    """A rule that left no window on a day; at `until`, the lead's midnight, it is asked anew."""

    rule: str
    until: datetime


class Span(NamedTuple):
    """From `opens_at` up to before `closes_at`."""

    opens_at: datetime
    closes_at: datetime


class Window(NamedTuple):
    """From `opens_at` up to before `closes_at`, within one part of one day of the lead.

    `rule` is the one that let it open, `denied` the proof: what closed each day before it.
    `day_closes_at` is the end of the day's last part, after lunch; `later` the parts till then.
    """

    opens_at: datetime
    closes_at: datetime
    rule: str
    denied: tuple[Denied, ...]
    day_closes_at: datetime
    later: tuple[Span, ...] = ()


class Permitted(NamedTuple):
    """The first moment that calling rules leave: the rule that allows it, and those that denied it
    before, each once. No rule where none holds."""

    at: datetime
    rule: str | None
    denied: tuple[str, ...]


class _Opening(NamedTuple):
    opens_at: datetime
    closes_at: datetime
    rule: str


class _Day(NamedTuple):
    """Its windows, of which no day before it was denied, and the rule that closes what is left."""

    windows: tuple[Window, ...]
    denied: Denied


class _Days(NamedTuple):
    """A day, and the first window on or after a day: leads who share a calendar share both."""

    of: Callable[[date], _Day]
    whole: Callable[[date], Window | None]


class NeverOpensError(ValueError):
    """The calendar leaves no window; `touchline playbook check` refuses such a one."""


@lru_cache(maxsize=1_024)
def local_date(moment: datetime, time_zone: str) -> date:
    """The day that the lead's calendar shows at this moment."""
    return moment.astimezone(zones.zone(time_zone)).date()


def next_window(  # noqa: PLR0913, PLR0917  whose day it is, and from when
    calendar: Calendar, hours: Hours, place: Place, channel: Channel, day: date, now: datetime
) -> Window:
    """The first window on or after `day` of which, from `now` on, at least SHORTEST is left.

    Hours of a step that leave no window on any day give way to the calendar's, which open. Only
    for a calendar that was never checked it may raise NeverOpensError.
    """
    for days in _days_of(calendar, hours, place, channel):
        found = days.whole(day)
        if found is not None and found.opens_at < now:
            found = _first(days.of, day, now)
        if found is not None:
            return found
    raise NeverOpensError(f"no window from {day} on; run `touchline playbook check`")


def permitted_from(
    calendar: Calendar, place: Place, channel: Channel, moment: datetime
) -> Permitted:
    """The first moment from `moment` on that calling rules leave, whatever else is closed."""
    day, denied = local_date(moment, place.time_zone), list[str]()
    while (allowed := calling_on(calendar, place, channel, day)) is not None:
        if isinstance(allowed, str):
            denied.append(allowed)
        else:
            opening = _opening(place.time_zone, day, Part(*allowed))
            if opening.opens_at <= moment < opening.closes_at:
                return Permitted(moment, allowed.rule, _once(denied))
            denied.append(allowed.rule)
            if moment < opening.opens_at:
                return Permitted(opening.opens_at, allowed.rule, _once(denied))
        day += _DAY
    return Permitted(moment, None, _once(denied))


def permitted_between(
    calendar: Calendar, place: Place, channel: Channel, begin: datetime, end: datetime
) -> tuple[Span, ...]:
    """What calling rules leave of the time from `begin` up to before `end`; nothing where none
    hold."""
    return tuple(_permitted(calendar, place, channel, begin, end))


def _permitted(
    calendar: Calendar, place: Place, channel: Channel, begin: datetime, end: datetime
) -> Iterator[Span]:
    day, last = local_date(begin, place.time_zone), local_date(end, place.time_zone)
    while day <= last and (allowed := calling_on(calendar, place, channel, day)) is not None:
        if not isinstance(allowed, str):
            opens_at, closes_at, _ = _opening(place.time_zone, day, Part(*allowed))
            span = Span(max(begin, opens_at), min(end, closes_at))
            if span.opens_at < span.closes_at:
                yield span
        day += _DAY


def _once(rules: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rules))


def _first(day_of: Callable[[date], _Day], day: date, now: datetime) -> Window | None:
    denied: list[Denied] = []
    while len(denied) < HORIZON.days:
        today = day_of(day)
        for opens_at, closes_at, rule, _, day_closes_at, later in today.windows:
            begin = max(now, opens_at)
            if closes_at - begin >= SHORTEST:
                return Window(begin, closes_at, rule, tuple(denied), day_closes_at, later)
        denied.append(today.denied)
        day += _DAY
    return None


@lru_cache(maxsize=4_096)
def _days_of(
    calendar: Calendar, hours: Hours, place: Place, channel: Channel
) -> tuple[_Days, _Days]:
    """What is open by the hours of a step, and by the calendar's.

    Of place and channel only what the calendar looks at, so that leads share their days.
    """
    if not looked_at(calendar):
        place, channel = Place(place.time_zone, "given", None, None), "email"
    elif calendar.calling_rules is None:
        channel = "email"
    by_step, by_calendar = (
        _days(calendar, chosen, place, channel) for chosen in (hours, calendar.hours)
    )
    return by_step, by_calendar


@lru_cache(maxsize=1_024)
def _days(calendar: Calendar, hours: Hours, place: Place, channel: Channel) -> _Days:
    @lru_cache(maxsize=256)
    def of(day: date) -> _Day:
        found = rules_of(calendar, hours, place, channel, day)
        midnight = _reading(place.time_zone, day + _DAY, time(0))
        openings = [_opening(place.time_zone, day, part) for part in found.parts]
        return _Day(tuple(_windows(openings)), Denied(found.rule, max(midnight)))

    @lru_cache(maxsize=256)
    def whole(day: date) -> Window | None:
        return _first(of, day, _NOTHING_PASSED)

    return _Days(of, whole)


def _windows(openings: list[_Opening]) -> Iterator[Window]:
    for index, (opens_at, closes_at, rule) in enumerate(openings, start=1):
        later = tuple(Span(*one[:2]) for one in openings[index:])
        yield Window(opens_at, closes_at, rule, (), openings[-1].closes_at, later)


def _opening(time_zone: str, day: date, part: Part) -> _Opening:
    """From the later to the earlier moment where the clock shows a time twice, or passes it."""
    opens_at = max(_reading(time_zone, day, part.opens))
    closes_at = min(_reading(time_zone, day, part.closes))
    return _Opening(opens_at, closes_at, part.rule)


def _reading(time_zone: str, day: date, at: time) -> tuple[datetime, datetime]:
    local = datetime.combine(day, at, zones.zone(time_zone))
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
