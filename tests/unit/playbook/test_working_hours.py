"""When a team works: by the clock of its own zone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engagement.playbook.team import Team, WorkingHours

BERLIN = WorkingHours.model_validate({"time_zone": "Europe/Berlin", "hours": "08:00-18:00"})


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        ((2025, 3, 28, 6), (2025, 3, 28, 7)),  # a Friday, before work
        ((2025, 3, 28, 7), (2025, 3, 31, 6)),  # the clocks go forward on Sunday
        ((2025, 3, 29, 12), (2025, 3, 31, 6)),
    ],
)
def test_work_begins_on_the_next_working_day_by_its_own_clock(
    moment: tuple[int, ...], begins: tuple[int, ...]
) -> None:
    assert BERLIN.begins_after(_at(*moment)) == _at(*begins)


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        ((2025, 3, 28, 6, 59), False),
        ((2025, 3, 28, 7), True),
        ((2025, 3, 28, 16, 59), True),
        ((2025, 3, 28, 17), False),
        ((2025, 3, 29, 12), False),  # a Saturday
        ((2025, 3, 31, 6), True),  # the clocks went forward
        ((2025, 3, 31, 16), False),
    ],
)
def test_hours_hold_from_their_first_moment_to_before_their_last(
    moment: tuple[int, ...], works: bool
) -> None:
    assert BERLIN.hold(_at(*moment)) is works


@given(some.integers(0, 3 * 365 * 24 * 60))
def test_work_that_begins_next_has_begun_then_and_not_before(minutes: int) -> None:
    asked = _at(2024, 1, 1, 0) + timedelta(minutes=minutes)
    begins = BERLIN.begins_after(asked)
    assert begins > asked
    assert BERLIN.hold(begins)
    assert not BERLIN.hold(begins - timedelta(microseconds=1))


def test_a_team_without_hours_says_nothing_of_them() -> None:
    assert Team(name="inbound").model_dump(exclude_none=True) == {"name": "inbound"}


def _at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
