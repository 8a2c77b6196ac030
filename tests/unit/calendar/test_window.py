"""What calendars leave open, and the proof of it."""

import pytest

from engagement.calendar.place import Place
from engagement.calendar.window import Denied, NeverOpensError, next_window
from engagement.playbook import Hours
from tests.unit.calendar.calendars import BERLIN, calendar, utc, window


def test_a_window_says_which_rule_let_it_open_and_what_closed_the_days_before() -> None:
    found = window(calendar(closed=["2025-03-10"]), "2025-03-08")
    assert (found.opens_at, found.closes_at) == (utc("2025-03-11 08:00"), utc("2025-03-11 16:00"))
    assert found.rule == "hours: 09:00-17:00"
    assert found.denied == (
        Denied("days: not on sat", utc("2025-03-08 23:00")),
        Denied("days: not on sun", utc("2025-03-09 23:00")),
        Denied("closed: 2025-03-10", utc("2025-03-10 23:00")),
    )


def test_a_day_of_which_less_than_an_hour_is_left_is_over() -> None:
    found = window(calendar(), "2025-03-03", now="2025-03-03 15:01")
    assert found.opens_at == utc("2025-03-04 08:00")
    assert found.denied == (Denied("hours: 09:00-17:00", utc("2025-03-03 23:00")),)


def test_a_weekday_may_have_hours_of_its_own() -> None:
    rules = calendar(days=["fri", "sat"], hours_by_day={"sat": "10:00-14:00"})
    assert window(rules, "2025-03-07").closes_at == utc("2025-03-07 16:00")
    found = window(rules, "2025-03-08")
    assert (found.opens_at, found.closes_at) == (utc("2025-03-08 09:00"), utc("2025-03-08 13:00"))
    assert found.rule == "hours: 10:00-14:00"


def test_the_hours_of_a_step_narrow_those_of_a_weekday() -> None:
    rules = calendar(days=["fri", "sat"], hours_by_day={"sat": "10:00-14:00"})
    late, now = Hours.model_validate("12:00-20:00"), utc("2025-03-08 00:00")
    found = next_window(rules, late, BERLIN, "call", now.date(), now)
    assert (found.opens_at, found.closes_at) == (utc("2025-03-08 11:00"), utc("2025-03-08 13:00"))
    assert found.rule == "hours: 10:00-14:00 and 12:00-20:00"


def test_nobody_is_touched_at_lunch() -> None:
    rules = calendar(lunch="12:00-12:45")
    assert window(rules, "2025-03-03").closes_at == utc("2025-03-03 11:00")
    found = window(rules, "2025-03-03", now="2025-03-03 10:30")
    assert (found.opens_at, found.closes_at) == (utc("2025-03-03 11:45"), utc("2025-03-03 16:00"))
    assert (found.rule, found.denied) == ("lunch: 12:00-12:45", ())


@pytest.mark.parametrize(
    ("lunch", "opens", "closes"),
    [("08:00-09:30", "08:30", "16:00"), ("16:30-18:00", "08:00", "15:30")],
)
def test_a_lunch_at_the_edge_of_the_day_shortens_it(lunch: str, opens: str, closes: str) -> None:
    found = window(calendar(lunch=lunch), "2025-03-03")
    assert found.opens_at == utc(f"2025-03-03 {opens}")
    assert found.closes_at == utc(f"2025-03-03 {closes}")


def test_a_lunch_outside_the_hours_changes_nothing() -> None:
    for lunch in ("07:00-08:00", "18:00-19:00"):
        assert window(calendar(lunch=lunch), "2025-03-03") == window(calendar(), "2025-03-03")


def test_touches_wait_for_a_day_on_which_the_team_works() -> None:
    found = window(calendar(team_days=["wed", "thu"]), "2025-03-04")
    assert found.opens_at == utc("2025-03-05 08:00")
    assert [denied.rule for denied in found.denied] == ["team_days: not on tue"]


@pytest.mark.parametrize(
    ("holidays", "region", "opens"),
    [
        (["lead"], "BY", "2025-06-20"),  # Corpus Christi
        (["lead"], "BE", "2025-06-19"),
        (["lead"], None, "2025-06-19"),
        (["DE-BY"], "BE", "2025-06-20"),
        (["DE"], "BY", "2025-06-19"),
        (["US"], "BY", "2025-06-20"),  # Juneteenth
    ],
)
def test_holidays_are_those_of_the_lead_or_of_a_place(
    holidays: list[str], region: str | None, opens: str
) -> None:
    place = BERLIN._replace(region=region)
    found = window(calendar(holidays=holidays), "2025-06-19", place)
    assert found.opens_at == utc(f"{opens} 07:00")


def test_a_holiday_is_named_by_where_it_is_kept() -> None:
    (denied,) = window(calendar(holidays=["lead"]), "2025-06-19").denied
    assert denied == Denied("holidays: DE-BY", utc("2025-06-19 22:00"))
    (denied,) = window(calendar(holidays=["US"]), "2025-06-19").denied
    assert denied.rule == "holidays: US"


def test_a_lead_of_no_known_country_keeps_no_holidays_of_its_own() -> None:
    for country in (None, "ZZ"):
        place = Place("Europe/Berlin", "given", country, "BY")
        found = window(calendar(holidays=["lead"]), "2025-12-25", place)
        assert found.opens_at == utc("2025-12-25 08:00")


def test_hours_of_a_step_that_never_open_give_way_to_the_calendars() -> None:
    rules, night = calendar(calling_rules="us-states"), Hours.model_validate("21:00-22:00")
    now, place = utc("2025-03-03 00:00"), BERLIN._replace(country="US")
    found = next_window(rules, night, place, "call", now.date(), now)
    assert found == window(rules, "2025-03-03", place)
    by_mail = next_window(rules, night, place, "email", now.date(), now)
    assert by_mail.opens_at == utc("2025-03-03 20:00")


def test_a_calendar_that_nobody_checked_is_not_waited_for() -> None:
    rules = calendar().model_copy(update={"days": ()})
    with pytest.raises(
        NeverOpensError, match="from 2025-03-03 on; run `touchline playbook check`"
    ):
        window(rules, "2025-03-03")
