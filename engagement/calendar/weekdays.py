"""The days of the week, as playbooks name them."""

from datetime import date
from typing import Literal, get_args

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def weekday_of(day: date) -> Weekday:
    """The day of the week that this date falls on."""
    return WEEKDAYS[day.weekday()]
