"""Days without a touch are kept, whatever weekends, holidays and lateness did before them."""

from typing import Any

from engagement.cadence.state import Active
from engagement.playbook import Playbook
from tests.unit.cadence.facts import (
    LEAD,
    PLAYBOOK,
    RESULTS,
    at,
    created,
    lapsed,
    moved,
    opted_out,
    paused,
    plan,
    published,
    resumed,
    touched,
)
from tests.unit.cadence.spec import Given, given

CALL: dict[str, Any] = {"channel": "call", "activity": "Call"}
MAIL: dict[str, Any] = {"channel": "email", "activity": "E-mail"}
FRIDAY = created("03-07 09:00")
MONDAY = created("03-03 09:00")
BLOCK = {"repeat": {"times": 2, "gap_days": 3}, "steps": [{"day": 1, **CALL}, {"day": 2, **CALL}]}
"""Days 1 and 2, and 6 and 7."""


def book(*steps: dict[str, Any], **calendar: Any) -> Playbook:
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["results"] += RESULTS
    known["cadences"][0]["steps"] = steps or [BLOCK, {"day": 9, **MAIL}]
    known["calendar"] |= calendar
    return Playbook.model_validate(known)


def second_time(playbook: Playbook) -> Given:
    """A lead of Friday, both of whose touches were made: on Friday, and on Monday."""
    history = given(published(playbook), FRIDAY)
    history.hears(touched("03-07 09:01", plan(FRIDAY, 1)))
    return history


def test_after_a_weekend_the_days_of_rest_are_all_there() -> None:
    history = second_time(book())
    then = history.when(touched("03-10 09:05", plan(FRIDAY, 2))).planned
    assert then.not_before == at("03-14 09:00")  # 11, 12 and 13 March; day 6 was the 12th
    state = history.partition.states[LEAD]
    assert isinstance(state, Active)
    assert (state.first_day, state.day_one) == (at("03-07 00:00").date(), at("03-09 00:00").date())


def test_what_follows_keeps_its_distance() -> None:
    history = second_time(book())
    history.hears(touched("03-10 09:05", plan(FRIDAY, 2)))
    fourth = history.when(touched("03-14 09:05", plan(FRIDAY, 3))).planned
    assert fourth.not_before == at("03-17 09:00")  # a weekend lies between
    after = history.when(touched("03-17 09:05", plan(FRIDAY, 4))).planned
    # day 9 is three days after day 6, which was 14 March: a Monday, on which a touch was made
    assert after.not_before == at("03-18 09:00")


def test_a_week_without_hindrance_is_as_it_is_written() -> None:
    history = given(published(book()), MONDAY, touched("03-03 09:01", plan(MONDAY, 1)))
    third = history.when(touched("03-04 09:05", plan(MONDAY, 2))).planned
    assert third.not_before == at("03-10 09:00")  # day 6 is a Saturday
    fourth = history.when(touched("03-10 09:05", plan(MONDAY, 3))).planned
    after = history.when(touched("03-11 09:05", fourth.plan_id)).planned
    assert after.not_before == at("03-13 09:00")  # day 9, counted from the Monday that was day 6


def test_a_lapse_is_no_day_of_rest_and_moves_them_once() -> None:
    history = second_time(book())
    then = history.when(lapsed("03-10 17:00", plan(FRIDAY, 2))).planned
    assert then.not_before == at("03-14 09:00")
    fourth = history.when(lapsed("03-14 17:00", plan(FRIDAY, 3))).planned
    assert fourth.not_before == at("03-17 09:00")


def test_days_lost_after_the_rest_move_the_rest_of_the_cadence_once() -> None:
    history = second_time(book(BLOCK, {"day": 16, **MAIL}))
    history.hears(touched("03-10 09:05", plan(FRIDAY, 2)), paused("03-10 10:00", "03-17 09:00"))
    fourth = history.when(touched("03-17 09:05", plan(FRIDAY, 3, 2))).planned
    after = history.when(touched("03-18 09:05", fourth.plan_id)).planned
    assert after.not_before == at("03-27 09:00")  # day 6 was 17 March by then


def test_a_touch_told_late_counts_the_days_from_when_it_was_made() -> None:
    history = second_time(book())
    history.hears(lapsed("03-10 17:00", plan(FRIDAY, 2)))
    told = touched("03-12 10:00", plan(FRIDAY, 2), made="03-10 11:00")
    assert history.when(told).planned.not_before == at("03-14 09:00")


def test_a_touch_made_while_the_lead_was_paused_counts_from_its_day() -> None:
    history = second_time(book())
    history.hears(paused("03-10 09:10"), touched("03-10 09:15", plan(FRIDAY, 2)))
    assert history.when(resumed("03-12 09:00")).planned.not_before == at("03-14 09:00")


def test_a_move_in_the_days_of_rest_begins_none_anew() -> None:
    other = book(BLOCK, {"day": 9, **CALL})
    history = second_time(book())
    history.hears(touched("03-10 09:05", plan(FRIDAY, 2)), published(other))
    then = history.when(moved("03-12 09:00", FRIDAY, other))
    assert then.types == ["cadence-moved"]
    state = history.partition.states[LEAD]
    assert isinstance(state, Active)
    assert (state.not_before, state.step) == (at("03-14 09:00"), 3)
    rewritten = book(
        {**BLOCK, "steps": [{"day": 1, **CALL, "part": "afternoon"}, {"day": 2, **CALL}]},
        {"day": 9, **CALL},
    )
    history.hears(published(rewritten))
    history.hears(moved("03-12 10:00", FRIDAY, rewritten))
    state = history.partition.states[LEAD]
    assert isinstance(state, Active)
    assert state.not_before == at("03-14 13:00")


def test_dates_that_do_not_count_are_no_days_of_rest() -> None:
    known = book(closed=["2025-03-11", "2025-03-12"], closed_days_count=False)
    then = second_time(known).when(touched("03-10 09:05", plan(FRIDAY, 2))).planned
    assert then.not_before == at("03-17 09:00")  # 13, 14 and 15 March, and a Sunday


STEPS = ({"day": 1, **CALL}, {"day": 2, **CALL}, {"day": 5, "gap_days": 2, **CALL})


def test_a_step_may_ask_for_days_of_rest_too() -> None:
    history = second_time(book(*STEPS, {"day": 7, **MAIL}))
    third = history.when(touched("03-10 09:05", plan(FRIDAY, 2))).planned
    assert third.not_before == at("03-13 09:00")
    after = history.when(touched("03-13 09:05", third.plan_id)).planned
    assert after.not_before == at("03-17 09:00")  # two days on, a Saturday


def test_a_step_that_comes_with_one_that_is_left_out_rests_as_well() -> None:
    with_it = {"with_previous": True, **MAIL}
    history = second_time(book(*STEPS, with_it))
    history.hears(touched("03-10 09:05", plan(FRIDAY, 2)))
    then = history.when(opted_out("03-10 10:00", "call")).planned
    assert (then.channel, then.not_before) == ("email", at("03-13 09:00"))


def test_the_days_of_a_cadence_count_from_entry_all_the_same() -> None:
    known = book().model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["until"] = {"days": 9}
    history = second_time(Playbook.model_validate(known))
    third = history.when(touched("03-10 09:05", plan(FRIDAY, 2))).planned
    ended = history.when(touched("03-14 09:05", third.plan_id)).ended
    assert ended.threshold == "days"


def test_no_rest_is_asked_for_where_the_gap_is_none() -> None:
    daily = {"repeat": {"times": 3, "gap_days": 0}, "steps": [{"day": 1, **CALL}]}
    assert not book(daily).cadences[0].rests
