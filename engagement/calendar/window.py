"""Windows: when a lead may be touched, as moments in UTC, right over changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from engagement.calendar import zones
from engagement.playbook import Calendar, Hours

_DAY = timedelta(days=1)
SHORTEST = timedelta(hours=1)
"""What is left of a window must be at least this, or the touch waits for the next one."""


class Window(NamedTuple):
    """From `opens_at` up to before `closes_at`, within one day of the lead."""

    opens_at: datetime
    closes_at: datetime


def local_date(moment: datetime, time_zone: str) -> date:
    """The day that the lead's calendar shows at this moment."""
    return moment.astimezone(zones.zone(time_zone)).date()


def next_window(
    calendar: Calendar, hours: Hours, time_zone: str, day: date, now: datetime
) -> Window:
    """The first window on or after `day` of which, from `now` on, at least SHORTEST is left."""
    while True:
        if day.weekday() in calendar.weekdays:
            opens_at = max(now, _opening(time_zone, day, hours.opens))
            closes_at = _closing(time_zone, day, hours.closes)
            if closes_at - opens_at >= SHORTEST:
                return Window(opens_at, closes_at)
        day += _DAY


@lru_cache(maxsize=65_536)
def _opening(time_zone: str, day: date, at: time) -> datetime:
    """The later moment where the clock shows this time twice, or passes it over."""
    return max(_readings(time_zone, day, at))


@lru_cache(maxsize=65_536)
def _closing(time_zone: str, day: date, at: time) -> datetime:
    """The earlier moment where the clock shows this time twice, or passes it over."""
    return min(_readings(time_zone, day, at))


def _readings(time_zone: str, day: date, at: time) -> tuple[datetime, datetime]:
    local = datetime.combine(day, at, zones.zone(time_zone))
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
