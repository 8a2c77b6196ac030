"""When a team works: by the clock of its own zone."""

from datetime import UTC, datetime

import pytest

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


def test_a_team_without_hours_says_nothing_of_them() -> None:
    assert Team(name="inbound").model_dump(exclude_none=True) == {"name": "inbound"}


def _at(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)
