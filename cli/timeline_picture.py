"""What the picture of a timeline shows: of each day what is open, and where the touches are.

Everything is by the lead's own clock. Hours count from the midnight before them, from 0 to 24.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal

from engagement import zones
from engagement.calendar.place import Place, place
from engagement.calendar.rules import Day, rules_of
from engagement.playbook import Calendar, Playbook
from schemas.events.fact import Channel, Features
from schemas.events.plan import TouchPlanned

Shade = Literal["quiet hours", "no working day", "holiday", "forbidden by law"]
"""Why no window is open on a day, or at that hour of it."""

_SHADES: Mapping[str, Shade] = MappingProxyType(
    {
        "days": "no working day",
        "team_days": "no working day",
        "holidays": "holiday",
        "closed": "holiday",
        "calling_rules": "forbidden by law",
    }
)
"""By the beginning of the rule that closed the day, as docs/calendars.md lists them."""

Hours = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one channel: its windows, and what the rest of it is."""

    open: tuple[Hours, ...]
    rest: Shade


@dataclass(frozen=True, slots=True)
class Mark:
    """A touch: `across` is its place in days, `hour` when it may be made, `due` by when."""

    step: int
    across: float
    hour: float
    due: float


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel, a cell for each day."""

    channel: Channel
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Days from entry to the last touch; `clock_changes` by day, in hours put forward."""

    title: str
    days: tuple[date, ...]
    lanes: tuple[Lane, ...]
    clock_changes: tuple[tuple[int, float], ...]


def picture(playbook: Playbook, features: Features, plans: Sequence[TouchPlanned]) -> Picture:
    """The picture of these plans of a lead with these features; they are at least one."""
    where = place(features, playbook.calendar)
    days = tuple(_days(plans, where.time_zone))
    cadence = playbook.entry[-1].cadence
    region = "-".join(filter(None, (where.country, where.region)))
    return Picture(
        title=", ".join(filter(None, (f"{playbook.name}: {cadence}", where.time_zone, region))),
        days=days,
        lanes=tuple(_lanes(playbook.calendar, where, plans, days)),
        clock_changes=tuple(_clock_changes(days, where.time_zone)),
    )


def _days(plans: Sequence[TouchPlanned], zone: str) -> Iterator[date]:
    day = _local(plans[0].recorded_at, zone).date()
    last = max(_local(plan.not_before, zone).date() for plan in plans)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _lanes(
    calendar: Calendar, where: Place, plans: Sequence[TouchPlanned], days: Sequence[date]
) -> Iterator[Lane]:
    for channel in dict.fromkeys(plan.channel for plan in plans):
        cells = (_cell(rules_of(calendar, calendar.hours, where, channel, day)) for day in days)
        touches = [plan for plan in plans if plan.channel == channel]
        yield Lane(channel, tuple(cells), tuple(_marks(touches, days[0], where.time_zone)))


def _cell(day: Day) -> Cell:
    windows = tuple((_hours(part.opens), _hours(part.closes)) for part in day.parts)
    rule = day.rule.partition(":")[0]
    closed: Shade = "quiet hours" if windows else _SHADES.get(rule, "quiet hours")
    return Cell(windows, closed)


def _marks(plans: Sequence[TouchPlanned], first: date, zone: str) -> Iterator[Mark]:
    """Touches of one day stand side by side, so that none hides another."""
    by_day = defaultdict(list)
    for plan in plans:
        by_day[_local(plan.not_before, zone).date()].append(plan)
    for day, touches in by_day.items():
        for number, plan in enumerate(touches, start=1):
            across = (day - first).days + number / (len(touches) + 1)
            opens, due = _local(plan.not_before, zone), _local(plan.due_at, zone)
            until = _hours(due.time()) if due.date() == day else 24.0
            yield Mark(plan.step, across, _hours(opens.time()), until)


def _clock_changes(days: Sequence[date], zone: str) -> Iterator[tuple[int, float]]:
    for index, day in enumerate(days):
        before, after = _offset(day, zone), _offset(day + timedelta(days=1), zone)
        if after != before:
            yield index, (after - before) / timedelta(hours=1)


def _offset(day: date, zone: str) -> timedelta:
    return datetime.combine(day, time(0), zones.zone(zone)).utcoffset() or timedelta(0)


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(zones.zone(zone))


def _hours(at: time) -> float:
    return at.hour + at.minute / 60 + at.second / 3600
