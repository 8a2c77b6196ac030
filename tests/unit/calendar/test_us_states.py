"""Calling hours in the United States: as published, for calls and texts alone."""

from datetime import date

import pytest

from engagement.calendar import us_states
from schemas.events.fact import Channel
from tests.unit.calendar.calendars import BERLIN, calendar, state, utc, window

RULES = calendar(
    time_zone="America/New_York",
    days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    hours="07:00-22:00",
    calling_rules="us-states",
)


def local(region: str, day: str, channel: Channel = "call") -> str:
    """Where in the day the window lies, by the clock of New York in January."""
    opens_at, closes_at, *_ = window(RULES, day, state(region), channel)
    return f"{opens_at:%d} {(opens_at.hour - 5) % 24}-{(closes_at.hour - 5) % 24}"


@pytest.mark.parametrize(
    ("region", "wednesday", "saturday", "sunday", "holiday"),
    [
        ("AL", "15 8-20", "18 8-20", "21 8-20", "21 8-20"),  # the Monday is a holiday too
        ("CT", "15 9-20", "18 9-20", "19 9-20", "20 9-20"),
        ("FL", "15 8-20", "18 8-20", "19 8-20", "20 8-20"),
        ("IL", "15 8-21", "18 8-21", "19 8-21", "20 8-21"),
        ("KY", "15 10-21", "18 10-21", "19 10-21", "20 10-21"),
        ("MS", "15 8-20", "18 8-20", "20 8-20", "20 8-20"),
        ("NY", "15 8-21", "18 8-21", "19 8-21", "20 8-21"),  # the federal hours
        ("PA", "15 8-21", "18 8-12", "19 8-21", "21 8-21"),
        ("RI", "15 9-18", "21 9-18", "21 9-18", "21 9-18"),
    ],
)
def test_each_state_has_its_hours(
    region: str, wednesday: str, saturday: str, sunday: str, holiday: str
) -> None:
    days = ("2025-01-15", "2025-01-18", "2025-01-19", "2025-01-20")
    assert [local(region, day) for day in days] == [wednesday, saturday, sunday, holiday]


def test_texts_keep_the_hours_of_calls_and_mail_does_not() -> None:
    assert local("FL", "2025-01-15", "sms") == "15 8-20"
    assert local("FL", "2025-01-15", "email") == "15 7-22"
    assert local("AL", "2025-01-19", "social") == "19 7-22"


def test_the_law_is_named_where_it_opened_or_closed() -> None:
    found = window(RULES, "2025-01-19", state("AL"))
    assert found.rule == "calling_rules: US-AL 08:00-20:00"
    assert [denied.rule for denied in found.denied] == [
        "calling_rules: US-AL, closed on sun",
        "calling_rules: US-AL, closed on holidays",
    ]


def test_narrower_hours_of_the_calendar_hold_within_the_law() -> None:
    rules = calendar(hours="09:00-17:00", calling_rules="us-states")
    found = window(rules, "2025-01-15", state("FL"))
    assert (found.opens_at, found.closes_at) == (utc("2025-01-15 14:00"), utc("2025-01-15 22:00"))
    assert found.rule == "hours: 09:00-17:00"


def test_no_other_country_is_narrowed_but_a_lead_of_unknown_country_is() -> None:
    assert window(RULES, "2025-01-15", BERLIN).opens_at == utc("2025-01-15 06:00")
    unknown = BERLIN._replace(country=None)
    assert window(RULES, "2025-01-15", unknown).opens_at == utc("2025-01-15 07:00")


def test_without_the_key_no_law_is_looked_at() -> None:
    rules = RULES.model_copy(update={"calling_rules": None})
    assert window(rules, "2025-01-19", state("AL")).opens_at == utc("2025-01-19 12:00")


def test_the_table_has_the_sixteen_states_and_every_day_of_each() -> None:
    assert len(us_states.states()) == 16
    week = [date(2025, 1, day) for day in range(15, 22)]
    for region in us_states.states():
        assert all(us_states.calling(day, region) for day in week)
