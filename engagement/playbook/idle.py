"""Teams whose hours never meet those in which leads may be touched, wherever a lead is."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from engagement.calendar import zones
from engagement.calendar.weekdays import WEEKDAYS, Weekday
from engagement.playbook.calendar import Calendar
from engagement.playbook.model import broken
from engagement.playbook.part_of_day import Hours, minute
from engagement.playbook.team import Team, WorkingHours

_DAY, _WEEK = 24 * 60, 7 * 24 * 60
_WEST, _EAST = -11 * 60, 14 * 60
"""Minutes from UTC of the clocks of Niue and of Kiritimati: people live between the two."""
_SUMMER_AND_WINTER = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC))


class _Stretch(NamedTuple):
    """Minutes of the week in UTC, from Monday on; they may lie beyond its ends."""

    begins: int
    ends: int


def idle(calendar: Calendar, teams: Collection[Team]) -> Iterator[PydanticCustomError]:
    """The teams of which no rep would ever be given a touch that comes in the calendar's hours."""
    open_ = tuple(_open_somewhere(calendar))
    for index, team in enumerate(teams):
        if team.hours is not None and not _meet(tuple(_works(team.hours)), open_):
            rule = f"{team.hours.words} is never within the calendar's days and hours"
            fix = "let the team work when leads may be touched, or let the calendar open then"
            yield broken(rule, fix, "teams", index, "hours")


def _open_somewhere(calendar: Calendar) -> Iterator[_Stretch]:
    """When the calendar is open for some lead: it is by the clock of each."""
    for day in calendar.days:
        if calendar.team_days is None or day in calendar.team_days:
            hours = calendar.own_hours(day) or calendar.hours
            begins, ends = _of_week(day, hours)
            yield _Stretch(begins - _EAST, ends - _WEST)


def _works(hours: WorkingHours) -> Iterator[_Stretch]:
    for moment in _SUMMER_AND_WINTER:
        offset = moment.astimezone(zones.zone(hours.time_zone)).utcoffset()
        ahead = int(offset.total_seconds()) // 60 if offset else 0
        for day in hours.days:
            begins, ends = _of_week(day, hours.hours)
            yield _Stretch(begins - ahead, ends - ahead)


def _of_week(day: Weekday, hours: Hours) -> _Stretch:
    midnight = WEEKDAYS.index(day) * _DAY
    return _Stretch(midnight + minute(hours.opens), midnight + minute(hours.closes))


def _meet(some: Collection[_Stretch], others: Collection[_Stretch]) -> bool:
    return any(
        one.begins < other.ends + week and other.begins + week < one.ends
        for one in some
        for other in others
        for week in (-_WEEK, 0, _WEEK)
    )
