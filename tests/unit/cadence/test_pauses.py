"""A pause holds the open touch back, to its end or until people resume it."""

from tests.unit.cadence.facts import (
    asked,
    at,
    created,
    enrolment,
    opted_out,
    paused,
    plan,
    published,
    replied,
    resumed,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday
FIRST = plan(ENTRY, 1)


def entered(**rules: object) -> Given:
    return given(published(ruled(**rules)), ENTRY)


def test_a_pause_with_an_end_plans_the_touch_after_it() -> None:
    history = entered()
    planned = history.when(paused("03-03 10:01", "03-10 00:00")).planned
    assert (planned.step, planned.attempt, planned.not_before) == (1, 2, at("03-10 09:00"))
    history.when(paused("03-03 10:01", "03-10 00:00")).then_nothing()
    history.when(paused("03-03 10:02", "03-05 00:00")).then_nothing()


def test_a_touch_planned_for_later_than_the_pause_stays_where_it_is() -> None:
    history = entered()
    history.hears(touched("03-03 10:03", FIRST), touched("03-03 10:05", plan(ENTRY, 2)))
    history.when(paused("03-03 11:00", "03-04 20:00")).then_nothing()


def test_days_of_a_pause_are_not_caught_up() -> None:
    history = entered()
    history.hears(paused("03-03 10:01", "03-10 00:00"))
    history.hears(touched("03-10 10:00", plan(ENTRY, 1, 2)))
    planned = history.when(touched("03-10 10:10", plan(ENTRY, 2))).planned
    assert planned.not_before == at("03-12 09:00")


def test_what_comes_in_place_of_a_paused_touch_waits_as_well() -> None:
    history = entered()
    history.hears(paused("03-03 10:01", "03-10 00:00"))
    planned = history.when(opted_out("03-04 10:00", "call")).planned
    assert (planned.step, planned.not_before) == (2, at("03-10 09:00"))
    assert planned.moved_from == at("03-04 10:00")


def test_people_end_a_pause_before_its_end() -> None:
    history = entered()
    history.hears(paused("03-03 10:01", "03-10 00:00"))
    planned = history.when(resumed("03-05 08:00")).planned
    assert (planned.attempt, planned.not_before) == (3, at("03-05 09:00"))
    history.when(resumed("03-05 08:00")).then_nothing()


def test_a_pause_without_an_end_withdraws_the_touch_until_people_resume_it() -> None:
    history = entered()
    then = history.when(paused("03-03 10:01"))
    assert then.types == ["cadence-paused"]
    history.when(paused("03-03 10:01")).then_nothing()
    history.when(paused("03-03 10:02", "03-10 00:00")).then_nothing()
    history.when(touched("03-03 10:04", None)).then_nothing()
    history.when(opted_out("03-03 10:05", "email")).then_nothing()
    planned = history.when(resumed("03-12 11:00")).planned
    assert (planned.step, planned.attempt, planned.attempts) == (1, 2, 1)
    assert planned.not_before == at("03-12 11:00")


def test_a_resumption_of_what_is_not_paused_changes_nothing() -> None:
    entered().when(resumed("03-03 10:01")).then_nothing()


def test_a_promise_keeps_its_moment_over_a_pause() -> None:
    history = entered()
    history.hears(touched("03-03 10:03", FIRST, "LATER", callback="03-12 14:00"))
    history.hears(paused("03-03 10:04"))
    planned = history.when(resumed("03-05 10:00")).planned
    assert (planned.again, planned.for_rep) == ("callback", "ana")
    assert planned.not_before == at("03-12 14:00")


def test_a_promise_moved_by_a_pause_comes_back_to_its_moment() -> None:
    history = entered()
    history.hears(touched("03-03 10:03", FIRST, "LATER", callback="03-12 14:00"))
    history.hears(paused("03-03 10:04", "03-20 07:00"))
    assert history.when(resumed("03-05 10:00")).planned.not_before == at("03-12 14:00")


def test_the_leads_own_wish_passes_over_a_pause() -> None:
    history = entered()
    history.hears(paused("03-03 10:01", "03-10 00:00"))
    assert history.when(asked("03-03 11:00", "03-04 10:00")).planned.not_before == at(
        "03-04 10:00"
    )
    planned = history.when(touched("03-04 10:01", plan(ENTRY, 1, 3))).planned
    assert planned.not_before == at("03-04 10:01")


def test_a_callback_ends_a_pause_without_an_end() -> None:
    history = entered()
    history.hears(paused("03-03 10:01"))
    assert history.when(asked("03-03 11:00")).planned.again == "callback"


def test_a_paused_cadence_ends_without_a_withdrawal() -> None:
    history = entered()
    history.hears(paused("03-03 10:01"))
    then = history.when(replied("03-04 10:00"))
    assert then.types == ["cadence-ended"]
    assert then.ended.enrolment_id == enrolment(ENTRY)


def test_a_channel_closed_during_the_pause_is_passed_over_when_it_ends() -> None:
    history = entered()
    history.hears(paused("03-03 10:01"), opted_out("03-03 10:02", "call"))
    assert history.when(resumed("03-05 10:00")).planned.channel == "email"


def test_a_cadence_of_which_nothing_is_left_ends_when_it_is_resumed() -> None:
    history = entered()
    history.hears(paused("03-03 10:01"))
    for channel in ("call", "email", "social"):
        history.hears(opted_out("03-03 10:02", channel))
    assert history.when(resumed("03-05 10:00")).ended.reason == "opted-out"


def test_days_that_a_new_step_waits_for_a_pause_are_not_caught_up() -> None:
    history = entered()
    history.hears(paused("03-03 10:01", "03-10 00:00"), opted_out("03-04 10:00", "call"))
    planned = history.when(touched("03-10 10:00", plan(ENTRY, 2))).planned
    assert (planned.step, planned.not_before) == (4, at("03-12 09:00"))


def test_a_promise_moved_twice_still_comes_back_to_its_moment() -> None:
    history = entered()
    history.hears(touched("03-03 10:03", FIRST, "LATER", callback="03-04 14:00"))
    history.hears(paused("03-03 10:04", "03-10 07:00"), paused("03-03 10:05", "03-12 07:00"))
    assert history.when(resumed("03-03 11:00")).planned.not_before == at("03-04 14:00")
