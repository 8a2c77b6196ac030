"""When a step's turn comes: after an interval, with the step before, at a time of the day."""

from typing import Any

import pytest

from engagement.playbook import Playbook
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import (
    PLAYBOOK,
    at,
    created,
    lapsed,
    opted_out,
    plan,
    published,
    touched,
)
from tests.unit.cadence.spec import given

MONDAY, FRIDAY = "03-03 10:00", "03-07 10:00"
FIRST = {"day": 1}


def book(*turns: dict[str, Any], **calendar: object) -> Playbook:
    """A playbook of calls and e-mails in turn, whose turns come so."""
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    channels = ["call", "email"] * len(turns)
    known["cadences"][0]["steps"] = [
        {"channel": channel, "activity": "x", **turn}
        for channel, turn in zip(channels, turns, strict=False)
    ]
    known["calendar"] |= calendar
    return Playbook.model_validate(known)


def second(turn: dict[str, Any], entered: str, made: str = "", **calendar: object) -> TouchPlanned:
    """The plan for the second step, when the first one was made."""
    entry = created(entered)
    history = given(published(book(FIRST, turn, **calendar)), entry)
    return history.when(touched(made or entered, plan(entry, 1))).planned


@pytest.mark.parametrize(
    ("after", "entered", "opens", "due"),
    [
        ({"minutes": 30}, MONDAY, "03-03 10:30", "03-03 10:30"),
        ({"hours": 3}, MONDAY, "03-03 13:00", "03-03 13:00"),
        ({"hours": 7}, MONDAY, "03-04 09:00", "03-04 09:00"),  # no window is left of Monday
        ({"hours": 72}, FRIDAY, "03-10 10:00", "03-10 10:00"),
        ({"days": 1}, MONDAY, "03-04 09:00", "03-04 17:00"),
        ({"days": 2}, FRIDAY, "03-10 09:00", "03-10 17:00"),
        ({"days": 2, "business": True}, FRIDAY, "03-11 09:00", "03-11 17:00"),
        ({"hours": 9, "business": True}, FRIDAY, "03-10 11:00", "03-10 11:00"),
        ({"minutes": 60, "business": True}, "03-03 16:30", "03-04 09:30", "03-04 09:30"),
        ({"minutes": 60, "business": True}, "03-08 12:00", "03-10 10:00", "03-10 10:00"),
        ({"minutes": 60, "business": True}, "03-03 20:00", "03-04 10:00", "03-04 10:00"),
    ],
)
def test_an_interval_goes_by_the_clock_or_by_open_time(
    after: dict[str, Any], entered: str, opens: str, due: str
) -> None:
    planned = second({"after": after}, entered)
    assert (planned.not_before, planned.due_at) == (at(opens), at(due))


def test_open_time_leaves_lunch_and_holidays_out() -> None:
    noon = second({"after": {"hours": 3, "business": True}}, MONDAY, lunch="12:00-13:00")
    assert noon.not_before == at("03-03 14:00")
    easter = second({"after": {"days": 1, "business": True}}, "04-17 10:00", holidays=["DE"])
    assert easter.not_before == at("04-22 09:00")


@pytest.mark.parametrize(
    ("time", "made", "opens", "due", "lapses"),
    [
        ({"at": "14:00"}, MONDAY, "03-05 14:00", "03-05 14:00", "03-05 17:00"),
        ({"at": "14:00"}, "03-05 15:00", "03-07 14:00", "03-07 14:00", "03-07 17:00"),
        ({"part": "morning"}, MONDAY, "03-05 09:00", "03-05 12:00", "03-05 12:00"),
        ({"part": "afternoon"}, MONDAY, "03-05 13:00", "03-05 17:00", "03-05 17:00"),
    ],
)
def test_a_time_of_the_day_narrows_the_window(
    time: dict[str, Any], made: str, opens: str, due: str, lapses: str
) -> None:
    planned = second({"day": 3, **time}, MONDAY, made)
    moments = (planned.not_before, planned.due_at, planned.lapses_at)
    assert moments == (at(opens), at(due), at(lapses))


def test_a_part_of_the_day_ends_where_the_calendar_closes() -> None:
    planned = second({"day": 3, "part": "afternoon"}, MONDAY, hours="10:00-16:00")
    assert (planned.not_before, planned.lapses_at) == (at("03-05 13:00"), at("03-05 16:00"))


@pytest.mark.parametrize(
    ("turn", "opens"),
    [
        ({"day": 1}, "03-03 20:00"),
        ({"day": 1, "at": "10:00"}, "03-04 10:00"),
        ({"day": 1, "part": "afternoon"}, "03-04 13:00"),
        ({"after": {"minutes": 10}}, "03-04 09:00"),
    ],
)
def test_a_first_touch_waits_only_where_it_names_a_time(turn: dict[str, Any], opens: str) -> None:
    planned = given(published(book(turn))).when(created("03-03 20:00")).planned
    assert planned.not_before == at(opens)


def test_a_touch_with_the_first_follows_it_at_once_at_any_hour() -> None:
    planned = second({"with_previous": True}, "03-03 20:00", "03-03 20:03")
    assert (planned.not_before, planned.due_at) == (at("03-03 20:03"), at("03-03 20:08"))


def test_a_touch_with_one_that_lapsed_waits_for_the_next_window() -> None:
    entry = created(MONDAY)
    history = given(published(book(FIRST, {"with_previous": True})), entry)
    assert history.when(lapsed("03-04 17:00", plan(entry, 1))).planned.not_before == at(
        "03-05 09:00"
    )


@pytest.mark.parametrize(
    ("made", "opens"),
    [("03-05 16:50", "03-05 16:50"), ("03-05 17:00", "03-06 09:00")],
)
def test_a_touch_with_a_later_one_takes_what_is_left_of_its_window(made: str, opens: str) -> None:
    entry = created(MONDAY)
    history = given(published(book(FIRST, {"day": 3}, {"with_previous": True})), entry)
    history.hears(touched(MONDAY, plan(entry, 1)))
    planned = history.when(touched(made, plan(entry, 2))).planned
    assert planned.not_before == at(opens)


def test_a_touch_takes_the_moment_of_one_that_is_passed_over() -> None:
    entry = created(MONDAY)
    turns = (FIRST, {"day": 3, "at": "14:00"}, {"with_previous": True})
    history = given(published(book(*turns)), opted_out(MONDAY, "email"), entry)
    planned = history.when(touched(MONDAY, plan(entry, 1))).planned
    assert (planned.step, planned.not_before) == (3, at("03-05 14:00"))


def test_a_day_after_an_interval_is_another_day() -> None:
    entry = created(MONDAY)
    history = given(published(book(FIRST, {"after": {"hours": 72}}, {"day": 5})), entry)
    history.hears(touched(MONDAY, plan(entry, 1)))
    planned = history.when(touched("03-07 10:00", plan(entry, 2))).planned
    assert planned.not_before == at("03-10 09:00")


def test_a_plan_says_how_its_channel_is_used() -> None:
    assert second({"day": 2, "kind": "automated"}, MONDAY).kind == "automated"
    assert second({"day": 2}, MONDAY).kind is None


def test_a_plan_names_the_message_of_an_automated_step() -> None:
    step = {"day": 2, "channel": "email", "kind": "automated", "template": "follow-up"}
    assert second(step, MONDAY).template == "follow-up"
    assert "template" not in second({"day": 2}, MONDAY).model_dump()
