"""Where the clock is changed, a day is left out or added: windows lie right."""

import pytest

from engagement.calendar.place import Place
from engagement.calendar.window import Denied
from tests.unit.calendar.calendars import calendar, utc, window

DAILY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def place(zone: str) -> Place:
    """Somewhere in this zone."""
    return Place(zone, "given", None, None)


@pytest.mark.parametrize(
    ("zone", "day", "opens", "closes"),
    [
        ("Europe/Berlin", "2025-03-29", "08:00", "16:00"),
        ("Europe/Berlin", "2025-03-30", "07:00", "15:00"),
        ("America/New_York", "2025-11-01", "13:00", "21:00"),
        ("America/New_York", "2025-11-02", "14:00", "22:00"),
        ("America/Santiago", "2025-04-06", "13:00", "21:00"),  # the southern winter begins
        ("America/Santiago", "2025-09-07", "12:00", "20:00"),
    ],
)
def test_the_hours_follow_the_clock(zone: str, day: str, opens: str, closes: str) -> None:
    found = window(calendar(days=DAILY), day, place(zone))
    assert (found.opens_at, found.closes_at) == (utc(f"{day} {opens}"), utc(f"{day} {closes}"))


def test_a_clock_may_change_by_half_an_hour() -> None:
    lord_howe = place("Australia/Lord_Howe")
    summer = window(calendar(days=DAILY), "2025-04-05", lord_howe, now="2025-04-04 12:00")
    assert summer.opens_at == utc("2025-04-04 22:00")
    winter = window(calendar(days=DAILY), "2025-04-06", lord_howe, now="2025-04-05 15:00")
    assert winter.opens_at == utc("2025-04-05 22:30")


def test_an_hour_that_the_clock_leaves_out_is_no_window() -> None:
    night = calendar(days=DAILY, hours="02:00-03:00")
    found = window(night, "2025-03-30", place("Europe/Berlin"))
    assert found.opens_at == utc("2025-03-31 00:00")
    assert found.denied == (Denied("hours: 02:00-03:00", utc("2025-03-30 22:00")),)


def test_an_hour_shown_twice_closes_at_its_first_end_and_opens_at_its_second() -> None:
    early = calendar(days=DAILY, hours="00:00-02:30")
    found = window(early, "2025-10-26", place("Europe/Berlin"), now="2025-10-25 20:00")
    assert found.closes_at == utc("2025-10-26 00:30")
    late = calendar(days=DAILY, hours="02:30-06:00")
    found = window(late, "2025-10-26", place("Europe/Berlin"), now="2025-10-25 20:00")
    assert found.opens_at == utc("2025-10-26 01:30")


def test_a_day_that_an_island_skipped_has_no_window() -> None:
    apia = place("Pacific/Apia")
    found = window(calendar(days=DAILY), "2011-12-30", apia, now="2011-12-30 00:00")
    assert found.opens_at == utc("2011-12-30 19:00")  # nine o'clock of the 31st
    assert found.denied == (Denied("hours: 09:00-17:00", utc("2011-12-30 10:00")),)


def test_a_leap_day_is_a_day() -> None:
    found = window(calendar(), "2024-02-29")
    assert found.opens_at == utc("2024-02-29 08:00")
    assert window(calendar(closed=["2024-02-29"]), "2024-02-29").opens_at == utc(
        "2024-03-01 08:00"
    )
