"""Touches told late: the plan becomes what it would have been, and says what it stands for."""

from typing import Any

import pytest

from engagement.cadence.facts import Cause
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import (
    asked,
    at,
    created,
    lapsed,
    paused,
    plan,
    published,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given
from tests.unit.cadence.test_conditions import CALL, after_mail, asking, book, seen

ENTRY = created("03-03 10:00")  # a Monday
FIRST, SECOND = plan(ENTRY, 1), plan(ENTRY, 2)


def entered(**rules: object) -> Given:
    return given(published(ruled(**rules)), ENTRY)


def third(history: Given, told: str, made: str) -> TouchPlanned:
    """The plan for the third day, after two touches of the first."""
    history.hears(touched("03-03 10:03", FIRST))
    return history.when(touched(told, SECOND, made=made)).planned


def test_a_touch_told_a_day_late_plans_what_it_would_have_planned() -> None:
    told_in_time = third(entered(), "03-03 10:05", "03-03 10:05")
    late = third(entered(), "03-04 16:00", "03-03 10:05")
    assert (late.not_before, late.due_at) == (told_in_time.not_before, told_in_time.due_at)
    assert third(entered(), "03-04 16:00", "03-04 16:00").not_before == at("03-06 09:00")


def test_a_touch_told_after_the_next_one_was_due_plans_it_from_now_on() -> None:
    late = third(entered(), "03-05 11:00", "03-03 10:05")
    assert (late.not_before, late.lapses_at) == (at("03-05 11:00"), at("03-05 17:00"))


def test_a_touch_dated_ahead_was_made_when_it_was_told() -> None:
    assert third(entered(), "03-03 10:05", "03-09 10:05").not_before == at("03-05 09:00")


def test_a_touch_told_after_its_plan_lapsed_corrects_the_next_plan() -> None:
    history = entered()
    history.hears(touched("03-03 10:03", FIRST))
    wrong = history.when(lapsed("03-04 17:00", SECOND)).planned
    assert (wrong.step, wrong.not_before, wrong.attempts) == (3, at("03-06 09:00"), 1)
    right = history.when(touched("03-04 18:00", SECOND, made="03-03 16:00")).planned
    assert (right.step, right.attempt, right.attempts) == (3, 2, 2)
    assert right.not_before == at("03-05 09:00")
    assert (right.corrects, right.plan_id) == (wrong.plan_id, plan(ENTRY, 3, 2))


def test_what_was_told_late_is_heard_once() -> None:
    history = entered()
    history.hears(lapsed("03-04 17:00", FIRST))
    late = touched("03-04 17:01", FIRST, made="03-04 16:00")
    history.hears(late)
    history.when(late).then_nothing()
    history.when(touched("03-04 17:02", FIRST, "QUALIFIED")).then_nothing()
    assert history.when(touched("03-05 10:00", plan(ENTRY, 2, 2))).planned.attempts == 2


def test_a_late_touch_that_qualified_the_lead_withdraws_what_was_planned_since() -> None:
    history = entered()
    open_ = history.when(lapsed("03-04 17:00", FIRST)).planned
    then = history.when(touched("03-04 17:01", FIRST, "QUALIFIED", made="03-04 16:00"))
    assert then.types == ["lead-qualified", "touch-withdrawn", "cadence-ended"]
    assert then.facts[1].plan_id == open_.plan_id  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", ["BUSY", "BACK"])
def test_a_step_that_lapsed_is_not_tried_again(code: str) -> None:
    history = entered()
    history.hears(lapsed("03-04 17:00", FIRST))
    then = history.when(touched("03-04 17:01", FIRST, code, made="03-04 16:00"))
    assert (then.planned.step, then.planned.attempt) == (2, 2)


def test_a_call_that_was_promised_in_a_late_touch_is_planned_in_place_of_the_next() -> None:
    history = entered()
    history.hears(lapsed("03-04 17:00", FIRST))
    late = touched("03-04 17:01", FIRST, "LATER", made="03-04 16:00", callback="03-05 20:00")
    promise = history.when(late).planned
    assert (promise.again, promise.step, promise.attempt) == ("callback", 2, 2)
    assert (promise.not_before, promise.corrects) == (at("03-05 20:00"), SECOND)


def test_a_touch_of_a_plan_that_was_moved_meanwhile_answers_its_step() -> None:
    history = entered()
    moved = history.when(paused("03-03 10:01", "03-10 00:00")).planned
    then = history.when(touched("03-03 10:03", FIRST))
    assert (then.planned.step, then.planned.corrects) == (2, moved.plan_id)
    assert then.planned.not_before == at("03-10 09:00")
    history.when(touched("03-03 10:04", moved.plan_id)).then_nothing()


def test_a_promise_stands_though_a_touch_made_before_it_is_told_late() -> None:
    history = entered()
    promise = history.when(asked("03-03 10:10", "03-03 15:00")).planned
    history.when(touched("03-03 10:12", FIRST, made="03-03 10:05")).then_nothing()
    history.when(touched("03-03 10:13", FIRST, made="03-03 10:06")).then_nothing()
    after = history.when(touched("03-03 15:05", promise.plan_id)).planned
    assert (after.step, after.attempts) == (2, 2)


def test_a_touch_that_a_retry_followed_is_not_heard_again() -> None:
    history = entered()
    history.hears(touched("03-03 10:03", FIRST, "BUSY"))
    history.when(touched("03-03 10:04", FIRST)).then_nothing()


def test_caps_count_a_touch_on_the_day_on_which_it_was_made() -> None:
    history = entered(caps={"per_day": 1, "gap_minutes": 600})
    history.hears(touched("03-04 08:00", FIRST, made="03-03 10:03"))
    moved = history.when(touched("03-04 08:01", None, made="03-03 19:00")).facts
    assert moved == ()


def waiting_lead(condition: dict[str, Any]) -> Given:
    """The first e-mail lapsed; the next step asks whether it was opened."""
    history = given(published(book(condition, CALL)), ENTRY)
    history.hears(lapsed("03-04 17:00", FIRST))
    return history


def mailed(when: str) -> Cause:
    return touched(when, FIRST, channel="email", made="03-03 10:05")


def test_a_touch_told_late_lets_the_next_step_wait_for_its_condition_till_the_right_day() -> None:
    history = waiting_lead(asking(opened=True))
    right = history.when(mailed("03-04 18:00")).planned
    assert (right.corrects, right.waits_for) == (SECOND, "opened: true")
    assert right.lapses_at == at("03-05 09:00")
    history.when(lapsed("03-06 09:00", SECOND)).then_nothing()


def test_a_touch_told_after_the_next_turn_passes_over_what_waited_for_its_condition() -> None:
    then = waiting_lead(asking(opened=True)).when(mailed("03-05 12:00"))
    assert then.types == ["condition-failed", "touch-planned"]
    assert (then.planned.step, then.planned.corrects) == (3, SECOND)
    assert then.planned.not_before == at("03-10 09:00")


def test_a_step_that_was_passed_over_is_not_taken_up_by_a_touch_told_late() -> None:
    asked = {**asking(clicked=True), "with_previous": True}
    del asked["day"]
    history = after_mail(asking(opened=True), asked, CALL)
    history.hears(lapsed("03-05 09:00", SECOND), seen("03-05 09:01", "clicked"))
    then = history.when(touched("03-05 09:02", SECOND))
    assert then.types == ["touch-planned"]
    assert (then.planned.step, then.planned.corrects) == (4, plan(ENTRY, 4))
