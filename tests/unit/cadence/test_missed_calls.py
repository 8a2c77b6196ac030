"""A promised call that nobody made is made up for: on later days, not before its time of day."""

from typing import Any

import pytest

from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import (
    LEAD,
    asked,
    at,
    created,
    lapsed,
    opted_out,
    paused,
    plan,
    published,
    reassigned,
    resumed,
    retold,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 09:00")  # a Monday
MISSED = "callback: missed, not before the promised time of day"


def mailing(**rules: Any) -> Given:
    """A lead that was called, and is to get an e-mail."""
    return given(published(ruled(**rules)), ENTRY, touched("03-03 09:05", plan(ENTRY, 1)))


def asking(callback: str | None = "03-05 13:00", **rules: Any) -> Given:
    """It asks for a call instead."""
    history = mailing(**rules)
    history.hears(asked("03-03 10:00", callback))
    return history


def missing(until: str = "03-06 17:00", callback: str = "03-05 13:00", **rules: Any) -> Given:
    """Nobody calls it."""
    history = asking(callback, **rules)
    history.hears(lapsed(until, plan(ENTRY, 2, 2)))
    return history


def attempt(history: Given) -> TouchPlanned:
    """The open plan, as another rep gets it at once."""
    return history.when(reassigned("03-07 12:00", "bo")).planned


def test_it_comes_on_the_next_working_day_not_before_the_same_time() -> None:
    again = asking().when(lapsed("03-06 17:00", plan(ENTRY, 2, 2))).planned
    assert (again.step, again.attempt, again.again, again.channel) == (2, 3, "callback", "call")
    assert (again.not_before, again.due_at) == (at("03-07 13:00"), at("03-07 13:05"))
    assert (again.lapses_at, again.allowed_by) == (at("03-07 17:00"), MISSED)


def test_after_three_days_the_touch_in_whose_place_it_was_comes_at_last() -> None:
    history = missing()
    third = history.when(lapsed("03-07 17:00", plan(ENTRY, 2, 3))).planned
    assert (third.not_before, third.again) == (at("03-10 13:00"), "callback")
    mail = history.when(lapsed("03-10 17:00", third.plan_id)).planned
    assert (mail.step, mail.channel, mail.again) == (2, "email", None)
    assert mail.not_before == at("03-11 09:00")
    assert history.when(touched("03-11 09:05", mail.plan_id)).planned.step == 3


@pytest.mark.parametrize("days", [1, 2, 5])
def test_its_ruleset_says_on_how_many_days(days: int) -> None:
    history, opened = asking(stale_after_days=days), 1
    then = history.when(lapsed("03-06 17:00", plan(ENTRY, 2, 2))).planned
    while then.again == "callback":
        opened += 1
        then = history.when(lapsed(f"{then.lapses_at:%m-%d %H:%M}", then.plan_id)).planned
    assert (opened, then.step) == (days, 2)


def test_the_touch_in_whose_place_it_was_has_its_days_anew() -> None:
    history = asking(stale_after_days=2)
    history.hears(lapsed("03-06 17:00", plan(ENTRY, 2, 2)))
    mail = history.when(lapsed("03-07 17:00", plan(ENTRY, 2, 3))).planned
    again = history.when(lapsed("03-10 17:00", mail.plan_id)).planned
    assert (again.step, again.again) == (2, None)
    assert history.when(lapsed("03-11 17:00", again.plan_id)).planned.step == 3


def test_a_touch_that_was_made_is_not_made_again() -> None:
    history = mailing()
    history.hears(touched("03-04 10:00", plan(ENTRY, 2), "LATER", callback="03-05 13:00"))
    for number, day in enumerate(("03-06", "03-07", "03-10"), start=2):
        then = history.when(lapsed(f"{day} 17:00", plan(ENTRY, 2, number))).planned
    assert (then.step, then.again) == (3, None)


def test_one_that_was_made_on_a_later_day_leads_on() -> None:
    history = missing()
    assert history.when(touched("03-07 13:05", plan(ENTRY, 2, 3))).planned.step == 3


def test_the_call_told_late_makes_up_for_itself() -> None:
    then = missing().when(touched("03-07 09:00", plan(ENTRY, 2, 2), made="03-05 13:10")).planned
    assert (then.step, then.corrects) == (3, plan(ENTRY, 2, 3))


@pytest.mark.parametrize(
    ("callback", "lapse", "again"),
    [
        ("03-05 08:00", "03-06 17:00", "03-07 09:00"),  # before anybody works
        ("03-05 16:45", "03-06 17:00", "03-07 16:00"),  # the last hour of the day
        ("03-05 20:00", "03-06 17:00", "03-07 16:00"),
        ("03-08 13:20", "03-10 17:00", "03-11 13:20"),  # a Saturday
    ],
)
def test_it_comes_in_the_hours_of_the_calendar(callback: str, lapse: str, again: str) -> None:
    then = asking(callback).when(lapsed(lapse, plan(ENTRY, 2, 2))).planned
    assert then.not_before == at(again)


def test_it_waits_for_pauses_and_caps_and_keeps_its_time_of_day() -> None:
    moved = missing().when(paused("03-07 09:00", "03-11 09:30")).planned
    assert (moved.not_before, moved.allowed_by) == (at("03-11 13:00"), MISSED)
    held = missing()
    held.hears(paused("03-07 09:00"))
    assert held.when(resumed("03-10 09:00")).planned.not_before == at("03-10 13:00")
    capped = missing(caps={"gap_minutes": 2 * 24 * 60})
    # a call that nobody planned; the next one may come two days later
    assert capped.when(touched("03-07 09:00", None)).planned.not_before == at("03-10 13:00")


def test_after_a_pause_that_ends_later_in_the_day_it_never_comes_before_that_time_again() -> None:
    history = missing()
    moved = history.when(paused("03-07 09:00", "03-11 14:30")).planned
    assert moved.not_before == at("03-11 14:30")
    again = history.when(lapsed("03-11 17:00", moved.plan_id)).planned
    assert again.not_before == at("03-12 14:30")


def test_a_pause_in_the_night_after_it_makes_it_no_earlier() -> None:
    late = (
        missing().when(paused("03-08 03:35", "03-11 09:30")).planned
    )  # its lapse is not told yet
    assert late.not_before == at("03-11 13:00")


def test_another_rep_has_what_is_left_of_it() -> None:
    theirs = attempt(missing())
    assert (theirs.not_before, theirs.lapses_at) == (at("03-07 13:00"), at("03-07 17:00"))
    assert (theirs.for_rep, theirs.allowed_by) == ("bo", MISSED)


def test_another_time_that_the_lead_names_is_kept_and_has_its_own_days() -> None:
    history = missing()
    anew = history.when(asked("03-07 09:00", "03-10 20:00")).planned
    assert (anew.not_before, anew.allowed_by) == (
        at("03-10 20:00"),
        "callback: at the promised moment",
    )
    for number, day in enumerate(("03-11", "03-12"), start=4):
        then = history.when(lapsed(f"{day} 17:00", plan(ENTRY, 2, number))).planned
        assert then.again == "callback"
    assert history.when(lapsed("03-13 17:00", then.plan_id)).planned.again is None


def test_one_for_which_no_moment_was_told_comes_again_too() -> None:
    history = mailing()
    call = history.when(touched("03-04 10:00", plan(ENTRY, 2), "LATER")).planned
    again = history.when(lapsed("03-05 17:00", call.plan_id)).planned
    assert (again.not_before, again.again) == (at("03-06 14:00"), "callback")
    assert again.allowed_by == "hours: 14:00-17:00"


def test_where_the_lead_is_by_now_it_comes_in_the_hours_there() -> None:
    then = missing().when(retold("03-06 18:00", time_zone="Asia/Tokyo")).planned
    # 13:00 here is 22:00 there, where the last hour begins at 16:00
    assert (then.not_before, then.lapses_at) == (at("03-10 07:00"), at("03-10 08:00"))


def test_a_lead_that_refuses_calls_meanwhile_gets_what_follows() -> None:
    then = missing().when(opted_out("03-07 09:00", "call")).planned
    assert then.channel != "call"


def test_what_is_remembered_of_it_is_no_more_than_of_any_lapse() -> None:
    state = missing().partition.states[LEAD]
    assert state.unpromised is None  # type: ignore[union-attr]
    assert state.lapses == 1  # type: ignore[union-attr]
