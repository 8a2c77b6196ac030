"""A callback is told by the lead's clock, and is one moment or none."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prioritizer.console.form import Form
from services.runtime.doors.problem import Problem

BERLIN = "Europe/Berlin"


def told(local: str, zone: str = BERLIN) -> datetime | None:
    return Form({"callback": local, "zone": zone}).callback()


def test_a_callback_is_the_moment_at_which_the_leads_clock_shows_it() -> None:
    assert told("2026-07-01T15:30") == datetime(2026, 7, 1, 13, 30, tzinfo=UTC)
    assert told("2026-12-01T15:30") == datetime(2026, 12, 1, 14, 30, tzinfo=UTC)
    assert Form({}).callback() is None


@pytest.mark.parametrize(
    ("local", "zone", "refused"),
    [
        ("soon", BERLIN, "no-such-time"),
        ("2026-07-01T15:30", "Mars/Olympus", "no-such-time"),
        ("2026-03-29T02:30", BERLIN, "skipped-time"),
        ("2026-10-25T02:30", BERLIN, "doubled-time"),
        ("2026-10-04T02:15", "Australia/Lord_Howe", "skipped-time"),
        ("2026-04-05T01:45", "Australia/Lord_Howe", "doubled-time"),
    ],
)
def test_a_time_that_the_clock_never_shows_or_shows_twice_is_refused(
    local: str, zone: str, refused: str
) -> None:
    with pytest.raises(Problem) as problem:
        told(local, zone)
    assert (problem.value.status_code, problem.value.type) == (422, refused)


@pytest.mark.parametrize("local", ["2026-03-29T01:59", "2026-03-29T03:00", "2026-10-25T03:00"])
def test_the_minutes_around_are_taken(local: str) -> None:
    assert told(local) is not None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001 - a clock's face
def test_what_is_taken_is_what_the_clock_shows_then(shown: datetime) -> None:
    try:
        moment = told(shown.isoformat())
    except Problem:
        return
    assert moment is not None
    assert moment.astimezone(ZoneInfo(BERLIN)).replace(tzinfo=None, fold=0) == shown
