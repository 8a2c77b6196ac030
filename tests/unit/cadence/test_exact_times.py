"""An exact time is that time: who is late for it waits for that time of a later day."""

from typing import Any

import pytest

from engagement.playbook import Playbook
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import (
    asked,
    at,
    created,
    lapsed,
    paused,
    plan,
    published,
    reassigned,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

CALL: dict[str, Any] = {"channel": "call", "activity": "Call"}
MAIL: dict[str, Any] = {"channel": "email", "activity": "E-mail"}
TEN: dict[str, Any] = {**CALL, "day": 1, "at": "10:00"}
TWO: dict[str, Any] = {**CALL, "day": 1, "at": "14:00"}
MAIL_AT_TEN: dict[str, Any] = {**MAIL, "day": 1, "at": "10:00"}
MONDAY = created("03-03 09:00")


def book(*steps: dict[str, Any], lunch: str | None = None, **rules: Any) -> Playbook:
    known = ruled(**rules).model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"] = steps
    known["calendar"] |= {"lunch": lunch} if lunch else {}
    return Playbook.model_validate(known)


def entered(*steps: dict[str, Any], **rules: Any) -> Given:
    return given(published(book(*steps, **rules)), MONDAY)


def moments(planned: TouchPlanned) -> tuple[str, str, str]:
    told = planned.not_before, planned.due_at, planned.lapses_at
    opens, due, lapses = (f"{moment:%m-%d %H:%M}" for moment in told)
    return opens, due, lapses


@pytest.mark.parametrize(
    ("entry", "opens"),
    [
        ("03-03 09:00", "03-03 10:00"),
        ("03-03 10:00", "03-03 10:00"),
        ("03-03 10:01", "03-04 10:00"),
        ("03-03 15:59", "03-04 10:00"),
        ("03-07 12:00", "03-10 10:00"),  # a Friday
    ],
)
def test_a_lead_that_comes_later_waits_for_that_time_of_the_next_working_day(
    entry: str, opens: str
) -> None:
    planned = given(published(book(TEN, TWO))).when(created(entry)).planned
    assert moments(planned) == (opens, opens, f"{opens[:5]} 17:00")


def test_the_proof_says_that_the_time_had_passed() -> None:
    planned = given(published(book(TEN))).when(created("03-07 12:00")).planned
    assert planned.denied_by == ("at: 10:00", "days: not on sat", "days: not on sun")


def test_no_lunch_makes_the_afternoon_another_window_of_it() -> None:
    rules = book(TEN, lunch="12:00-13:00")
    planned = given(published(rules)).when(created("03-03 11:00")).planned
    assert planned.not_before == at("03-04 10:00")
    assert planned.open_hours is not None
    assert [one.opens_at for one in planned.open_hours] == [at("03-04 10:00"), at("03-04 13:00")]


def test_a_rep_who_is_late_may_make_it_until_the_day_is_over_and_the_next_waits_for_its_own() -> (
    None
):
    then = entered(TEN, TWO).when(touched("03-03 10:10", plan(MONDAY, 1))).planned
    assert moments(then) == ("03-03 14:00", "03-03 14:00", "03-03 17:00")
    late = entered(TEN, TWO).when(touched("03-03 15:00", plan(MONDAY, 1))).planned
    assert late.not_before == at("03-04 14:00")


def test_after_days_it_is_that_time_as_well() -> None:
    after = {**CALL, "after": {"days": 1}, "at": "10:00"}
    history = entered({**CALL, "day": 1}, after)
    # told a day late: ten o'clock of the day after it was made is past by now
    told = touched("03-04 11:00", plan(MONDAY, 1), made="03-03 11:00")
    assert history.when(told).planned.not_before == at("03-05 10:00")


def test_a_pause_that_ends_later_in_the_day_leads_to_the_next_day() -> None:
    moved = entered(TEN).when(paused("03-03 09:10", "03-05 13:00")).planned
    assert moments(moved) == ("03-06 10:00", "03-06 10:00", "03-06 17:00")
    assert moved.moved_from == at("03-03 10:00")


def test_a_cap_does_as_well() -> None:
    history = entered(TEN, TWO, caps={"gap_minutes": 300})
    then = history.when(touched("03-03 10:00", plan(MONDAY, 1))).planned
    assert moments(then) == ("03-04 14:00", "03-04 14:00", "03-04 17:00")


def test_on_its_next_day_a_touch_that_nobody_made_comes_at_its_time() -> None:
    again = entered(TEN, stale_after_days=2).when(lapsed("03-03 17:00", plan(MONDAY, 1))).planned
    assert moments(again) == ("03-04 10:00", "03-04 10:00", "03-04 17:00")


def test_a_retry_comes_when_its_code_says() -> None:
    again = entered(TEN).when(touched("03-03 10:05", plan(MONDAY, 1), "BUSY")).planned
    assert moments(again) == ("03-03 10:35", "03-03 17:00", "03-03 17:00")


@pytest.mark.parametrize("other", [{**MAIL, "with_previous": True}, MAIL_AT_TEN])
def test_touches_of_one_time_are_one_moment(other: dict[str, Any]) -> None:
    then = entered(TEN, other).when(touched("03-03 10:05", plan(MONDAY, 1))).planned
    assert moments(then) == ("03-03 10:05", "03-03 10:05", "03-03 17:00")
    lapse = entered(TEN, other).when(lapsed("03-03 17:00", plan(MONDAY, 1))).planned
    assert lapse.not_before == at("03-04 10:00")


def test_a_cap_moves_a_touch_made_with_another_within_its_day_and_else_to_its_time() -> None:
    mail = {**MAIL, "with_previous": True}
    soon = entered(TEN, mail, caps={"gap_minutes": 30})
    then = soon.when(touched("03-03 10:05", plan(MONDAY, 1))).planned
    assert moments(then) == ("03-03 10:35", "03-03 10:35", "03-03 17:00")
    other_day = entered(TEN, mail, caps={"gap_minutes": 24 * 60})
    then = other_day.when(touched("03-03 10:05", plan(MONDAY, 1))).planned
    assert then.not_before == at("03-05 10:00")


def test_another_rep_has_what_is_left_of_it() -> None:
    history = entered(TEN)
    theirs = history.when(reassigned("03-03 10:20", "bo")).planned
    assert moments(theirs) == ("03-03 10:20", "03-03 10:20", "03-03 17:00")
    history = entered(TEN)
    history.hears(paused("03-03 09:10", "03-05 13:00"))
    theirs = history.when(reassigned("03-06 10:20", "bo")).planned
    assert moments(theirs) == ("03-06 10:20", "03-06 10:20", "03-06 17:00")


def test_a_call_that_the_lead_asks_for_waits_for_no_time_of_the_step() -> None:
    assert entered(TEN).when(asked("03-03 11:00")).planned.not_before == at("03-03 11:00")
