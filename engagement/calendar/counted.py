"""Counting the days of a cadence, where some dates are none of them."""

from collections.abc import Collection
from datetime import date, timedelta

_DAY = timedelta(days=1)


def counted(day: date, days: int, without: Collection[date]) -> date:
    """The date so many days after `day`, where those of `without` do not count."""
    for _ in range(days):
        day += _DAY
        while day in without:
            day += _DAY
    return day
