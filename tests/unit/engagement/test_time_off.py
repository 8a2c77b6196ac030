"""What a time off moves lies as far apart after it as before, and never within it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from engagement.time_off import Closure

BEGINS = datetime(2025, 8, 4, tzinfo=UTC)
DAY = timedelta(days=1)
FORTNIGHT = Closure(BEGINS, BEGINS + 14 * DAY)


def test_what_was_planned_for_the_third_day_comes_on_the_third_day_back() -> None:
    moment = BEGINS + 2 * DAY + timedelta(hours=9)
    assert FORTNIGHT.goes_on(moment, waits=False) == moment + 14 * DAY


def test_who_waits_for_the_team_comes_first_of_all() -> None:
    assert FORTNIGHT.goes_on(BEGINS + 5 * DAY, waits=True) == FORTNIGHT.ends_at


def test_what_was_open_already_comes_at_the_end() -> None:
    assert FORTNIGHT.goes_on(BEGINS - DAY, waits=False) == FORTNIGHT.ends_at


def test_what_opens_after_the_end_stays_where_it_is() -> None:
    for waits in (True, False):
        later = BEGINS + 14 * DAY + timedelta(minutes=1)
        assert FORTNIGHT.goes_on(later, waits=waits) == later


@given(some.lists(some.integers(0, 14 * 24 * 60 - 1)), some.integers(1, 14))
def test_no_day_back_is_fuller_than_its_day_of_the_time_off(minutes: list[int], days: int) -> None:
    closure = Closure(BEGINS, BEGINS + days * DAY)
    opens = [BEGINS + timedelta(minutes=m) for m in minutes if m < days * 24 * 60]
    moved = [closure.goes_on(moment, waits=False) for moment in opens]
    assert all(moment >= closure.ends_at for moment in moved)
    before = Counter((moment - closure.begins_at) // DAY for moment in opens)
    assert Counter((moment - closure.ends_at) // DAY for moment in moved) == before
