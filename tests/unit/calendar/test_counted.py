"""Days that do not count are passed over, and days that lay apart stay apart."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from engagement.calendar.counted import counted

START = date(2025, 12, 15)
DAY = timedelta(days=1)
WITHOUT = some.sets(some.integers(0, 40)).map(lambda days: {START + day * DAY for day in days})


def test_what_was_planned_for_the_third_closed_day_comes_on_the_third_day_after() -> None:
    closed = {date(2025, 12, 24) + n * DAY for n in range(9)}
    assert counted(date(2025, 12, 22), 4, closed) == date(2026, 1, 4)
    assert counted(date(2025, 12, 22), 1, closed) == date(2025, 12, 23)


@given(some.integers(0, 40), some.integers(1, 40), WITHOUT)
def test_so_many_days_that_count_lie_between(begin: int, days: int, without: set[date]) -> None:
    first = START + begin * DAY
    last = counted(first, days, without)
    between = [first + n * DAY for n in range(1, (last - first).days + 1)]
    assert sum(day not in without for day in between) == days
    assert last not in without


@given(some.sets(some.integers(0, 40)), some.integers(1, 40), WITHOUT)
def test_leads_that_came_on_days_that_count_never_come_together(
    begins: set[int], days: int, without: set[date]
) -> None:
    firsts = {START + n * DAY for n in begins} - without
    assert len({counted(first, days, without) for first in firsts}) == len(firsts)
