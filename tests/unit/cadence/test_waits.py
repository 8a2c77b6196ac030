"""Result codes that take the same touch once more, and calls that were promised."""

import pytest

from schemas.events.decision import CadenceEnded
from tests.unit.cadence.facts import (
    LEAD,
    asked,
    at,
    bounced,
    created,
    enrolment,
    lapsed,
    opted_out,
    paused,
    plan,
    published,
    reassigned,
    resumed,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday
FIRST = plan(ENTRY, 1)


def entered() -> Given:
    return given(published(ruled()), ENTRY)


def test_a_busy_line_is_tried_again_after_its_wait_as_a_new_attempt_at_the_step() -> None:
    again = entered().when(touched("03-03 10:03", FIRST, "BUSY")).planned
    assert (again.step, again.attempt, again.attempts, again.again) == (1, 2, 1, "retry")
    assert again.plan_id == plan(ENTRY, 1, 2)
    assert (again.not_before, again.due_at) == (at("03-03 10:33"), at("03-03 17:00"))


def test_a_wait_that_ends_after_the_hours_ends_in_the_morning() -> None:
    again = entered().when(touched("03-03 16:03", FIRST, "BUSY")).planned
    assert again.not_before == at("03-04 09:00")


def test_the_end_of_the_queue_is_never_before_its_minimum() -> None:
    again = entered().when(touched("03-03 10:03", FIRST, "BACK")).planned
    assert (again.step, again.again) == (1, "end-of-queue")
    assert again.not_before == at("03-04 10:03")


def test_after_another_attempt_the_cadence_goes_on_and_days_waited_are_not_caught_up() -> None:
    history = entered()
    for day in range(3, 7):
        code = "BACK" if day < 6 else "NOANSWER"
        history.hears(touched(f"03-0{day} 10:0{day}", plan(ENTRY, 1, day - 2), code))
    then = history.when(touched("03-06 10:30", plan(ENTRY, 2)))
    assert (then.planned.step, then.planned.attempt) == (3, None)
    assert then.planned.not_before == at("03-10 09:00")  # three days late: the 8th, a Saturday


def test_a_promised_call_comes_at_its_moment_whatever_the_hour_and_to_its_rep() -> None:
    touch = touched("03-03 10:03", FIRST, "LATER", callback="03-08 20:15")
    promise = entered().when(touch).planned
    assert (promise.again, promise.for_rep, promise.channel) == ("callback", "ana", "call")
    assert (promise.not_before, promise.due_at) == (at("03-08 20:15"), at("03-08 20:20"))
    assert promise.lapses_at == at("03-10 17:00")


def test_a_promise_without_a_moment_waits_as_its_code_says() -> None:
    assert entered().when(touched("03-03 10:03", FIRST, "LATER")).planned.not_before == at(
        "03-03 14:03"
    )


def test_a_promise_told_too_late_is_due_at_once() -> None:
    touch = touched("03-03 10:03", FIRST, "LATER", callback="03-02 10:00")
    assert entered().when(touch).planned.not_before == at("03-03 10:03")


def test_a_promise_that_nobody_ever_kept_lapses_and_the_cadence_goes_on() -> None:
    history = entered()
    history.hears(touched("03-03 10:03", FIRST, "LATER", callback="03-04 10:00"))
    for number, day in enumerate(("03-05", "03-06"), start=2):
        history.hears(lapsed(f"{day} 17:00", plan(ENTRY, 1, number)))
    planned = history.when(lapsed("03-07 17:00", plan(ENTRY, 1, 4))).planned
    assert (planned.step, planned.again, planned.for_rep) == (2, None, None)


def test_a_call_that_must_not_be_made_is_not_promised() -> None:
    history = entered()
    history.hears(opted_out("03-03 10:01", "call"))
    touch = touched("03-03 10:03", plan(ENTRY, 2), "LATER", callback="03-04 10:00")
    assert history.when(touch).planned.channel == "social"
    history.when(asked("03-03 11:00")).then_nothing()


def test_a_lead_that_asks_for_a_call_is_called_in_place_of_the_open_touch() -> None:
    history = given(published(ruled()), ENTRY, touched("03-03 10:03", FIRST))
    promise = history.when(asked("03-03 11:00", "03-05 20:00")).planned
    assert (promise.step, promise.channel, promise.again) == (2, "call", "callback")
    assert promise.activity == "Call back, as the lead was promised"
    assert promise.not_before == at("03-05 20:00")
    history.when(asked("03-03 11:00", "03-05 20:00")).then_nothing()


def test_a_lead_that_names_no_time_is_called_at_once() -> None:
    promise = entered().when(asked("03-03 22:00")).planned
    assert (promise.not_before, promise.due_at) == (at("03-03 22:00"), at("03-03 22:05"))


def test_when_a_promised_call_becomes_impossible_its_step_comes_back() -> None:
    history = given(published(ruled()), ENTRY, touched("03-03 10:03", FIRST))
    history.hears(asked("03-03 11:00", "03-05 20:00"))
    planned = history.when(bounced("03-03 12:00", "call")).planned
    assert (planned.step, planned.channel, planned.attempt) == (2, "email", 3)


def test_stop_trying_ends_the_cadence_and_says_so() -> None:
    now = at("03-03 10:03")
    entered().when(touched("03-03 10:03", FIRST, "ENOUGH")).then(
        CadenceEnded(
            lead_id=LEAD,
            occurred_at=now,
            recorded_at=now,
            enrolment_id=enrolment(ENTRY),
            reason="closed",
            exit="stopped-trying",
            attempts=1,
        )
    )


@pytest.mark.parametrize("rep", ["bo", None])
def test_the_open_touch_and_those_after_a_reassignment_are_the_new_reps(rep: str | None) -> None:
    history = given(published(ruled()), ENTRY)
    first = history.when(reassigned("03-03 10:01", "cy")).planned
    assert (first.step, first.attempt, first.for_rep) == (1, 2, "cy")
    assert (first.not_before, first.due_at) == (at("03-03 10:01"), at("03-03 10:05"))
    assert (first.lapses_at, first.moved_from) == (at("03-04 17:00"), None)
    assert history.when(reassigned("03-03 10:02", rep)).planned.for_rep == rep
    history.when(reassigned("03-03 10:02", rep)).then_nothing()
    assert history.when(touched("03-03 10:03", FIRST)).planned.for_rep == rep


def test_a_first_touch_that_changes_hands_twice_at_night_stays_one_to_be_made_at_once() -> None:
    night = created("03-03 02:00")
    history = given(published(ruled()), night, reassigned("03-03 02:01", "cy"))
    second = history.when(reassigned("03-03 02:02", "bo")).planned
    assert second.not_before == at("03-03 02:02")
    assert second.allowed_by == "speed_to_lead_minutes: 5"


def test_a_promise_goes_over_to_the_rep_whose_lead_it_is_now_and_keeps_its_moment() -> None:
    history = entered()
    history.hears(touched("03-03 10:03", FIRST, "LATER", callback="03-08 20:15"))
    promise = history.when(reassigned("03-04 09:00", "bo")).planned
    assert (promise.again, promise.for_rep) == ("callback", "bo")
    assert (promise.not_before, promise.due_at) == (at("03-08 20:15"), at("03-08 20:20"))


def test_a_touch_that_waits_for_people_is_the_new_reps_when_they_resume_it() -> None:
    history = entered()
    history.hears(reassigned("03-03 10:01", "cy"), paused("03-03 10:02"))
    history.when(reassigned("03-03 10:03", "bo")).then_nothing()
    assert history.when(resumed("03-03 10:04")).planned.for_rep == "bo"


def test_a_message_that_a_tool_was_asked_for_is_not_asked_for_again() -> None:
    known = ruled().model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"][0] = {
        "day": 1, "channel": "email", "kind": "automated", "activity": "E-mail",
    }  # fmt: skip
    history = given(published(type(ruled()).model_validate(known)), ENTRY)
    history.when(reassigned("03-03 10:01", "cy")).then_nothing()


def test_a_touch_of_the_rep_before_answers_the_plan_that_stands_for_it() -> None:
    history = entered()
    history.hears(reassigned("03-03 10:01", "cy"))
    planned = history.when(touched("03-03 10:03", FIRST)).planned
    assert (planned.step, planned.attempts, planned.for_rep) == (2, 1, "cy")
