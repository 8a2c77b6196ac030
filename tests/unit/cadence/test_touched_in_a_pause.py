"""A rep is on the phone when the lead's cadence is paused without an end: the call counts."""

import pytest

from engagement.cadence.state import Active
from tests.unit.cadence.facts import (
    LEAD,
    asked,
    at,
    created,
    lapsed,
    paused,
    plan,
    published,
    replied,
    resumed,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")
FIRST = plan(ENTRY, 1)
MADE = "03-03 10:07"


def interrupted(**rules: object) -> Given:
    """The call is being made while an answer on another channel pauses the cadence."""
    rules = {"reply_elsewhere": "pause", **rules}
    return given(published(ruled(**rules)), ENTRY, replied("03-03 10:05", "sms"))


def state(history: Given) -> Active:
    found = history.partition.states[LEAD]
    assert isinstance(found, Active)
    return found


def test_who_is_qualified_in_that_call_is_qualified() -> None:
    assert interrupted().when(touched(MADE, FIRST, "QUALIFIED")).types == [
        "lead-qualified",
        "cadence-ended",
    ]


@pytest.mark.parametrize(("code", "reason"), [("ENOUGH", "closed"), ("STOP", "opted-out")])
def test_what_ends_a_cadence_ends_it(code: str, reason: str) -> None:
    ended = interrupted().when(touched(MADE, FIRST, code)).ended
    assert (ended.reason, ended.attempts) == (reason, 1)


def test_nobody_reached_is_an_attempt_and_the_lead_still_waits() -> None:
    history = interrupted(caps={"gap_minutes": 60})
    assert history.when(touched(MADE, FIRST)).types == ["cadence-paused"]
    waiting = state(history)
    assert (waiting.attempts, waiting.plan_id) == (1, None)
    assert waiting.touches is not None
    history.when(touched("03-03 10:08", FIRST, "QUALIFIED", "again")).then_nothing()
    assert state(history).attempts == 1


def test_resumed_it_goes_on_after_the_touch_that_was_made() -> None:
    history = interrupted()
    history.hears(touched(MADE, FIRST))
    planned = history.when(resumed("03-03 11:00")).planned
    assert (planned.step, planned.attempt, planned.attempts) == (2, None, 1)


def test_resumed_a_touch_that_is_to_be_tried_again_is_tried_again() -> None:
    history = interrupted()
    history.hears(touched(MADE, FIRST, "BUSY"))
    planned = history.when(resumed("03-03 11:00")).planned
    assert (planned.step, planned.attempt, planned.attempts) == (1, 2, 1)


def test_a_moment_that_the_lead_was_told_in_that_call_is_kept() -> None:
    planned = interrupted().when(touched(MADE, FIRST, "LATER", callback="03-03 15:00")).planned
    assert (planned.not_before, planned.again) == (at("03-03 15:00"), "callback")
    waits = interrupted().when(touched(MADE, FIRST, "LATER"))
    assert waits.types == ["cadence-paused"]


def test_a_lead_that_asks_for_a_call_since_then_is_called_and_goes_on_after_it() -> None:
    history = interrupted()
    history.hears(touched(MADE, FIRST))
    call = history.when(asked("03-03 11:00")).planned
    assert (call.step, call.channel, call.attempt) == (2, "call", 1)
    assert history.when(touched("03-03 11:05", call.plan_id)).planned.step == 3


def test_a_call_of_a_step_that_lapsed_before_counts_and_ends_what_it_ends() -> None:
    history = given(published(ruled()), ENTRY, lapsed("03-04 17:00", FIRST), paused("03-04 18:00"))
    history.when(touched("03-04 18:05", FIRST, made="03-04 16:59")).then_nothing()
    assert state(history).attempts == 1
    assert history.when(resumed("03-04 18:10")).planned.step == 2
    history = given(published(ruled()), ENTRY, lapsed("03-04 17:00", FIRST), paused("03-04 18:00"))
    assert history.when(touched("03-04 18:05", FIRST, "QUALIFIED")).types[0] == "lead-qualified"


def test_a_call_that_ended_it_counts_once_however_often_it_is_told() -> None:
    entry, caps = created("03-03 10:00"), {"per_week": 4}
    history = given(published(ruled(caps=caps)), entry, lapsed("03-04 17:00", plan(entry, 1)))
    history.hears(paused("03-04 18:00"))
    call = touched("03-04 18:05", plan(entry, 1), "QUALIFIED", made="03-04 16:50")
    assert history.when(call).ended.reason == "qualified"
    once = history.partition.states[LEAD]
    history.when(call).then_nothing()
    assert history.partition.states[LEAD] == once


def test_a_plan_that_was_answered_before_the_pause_is_not_answered_again() -> None:
    history = given(published(ruled()), ENTRY, touched("03-03 10:03", FIRST, "BUSY"))
    history.hears(paused("03-03 10:04"))
    history.when(touched("03-03 10:05", FIRST, "QUALIFIED")).then_nothing()
