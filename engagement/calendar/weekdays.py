"""The days of the week, as playbooks name them."""

from datetime import date
from typing import get_args

from schemas.events.fact import Weekday

__all__ = ["WEEKDAYS", "Weekday", "weekday_of"]

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def weekday_of(day: date) -> Weekday:
    """The day of the week that this date falls on."""
    return WEEKDAYS[day.weekday()]
