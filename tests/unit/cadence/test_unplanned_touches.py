"""A touch that nobody planned: it takes no step, but what it tells of the lead counts."""

import pytest

from engagement.cadence.facts import handoff_of
from schemas.events.decision import LeadQualified
from tests.unit.cadence.facts import (
    LEAD,
    at,
    bounced,
    created,
    enrolment,
    paused,
    plan,
    published,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday


def entered() -> Given:
    return given(published(ruled()), ENTRY)


def test_one_that_qualifies_the_lead_hands_it_off_and_withdraws_the_open_touch() -> None:
    history = entered()
    then = history.when(touched("03-03 10:03", None, "QUALIFIED"))
    assert then.types == ["lead-qualified", "touch-withdrawn", "cadence-ended"]
    (qualified, *_) = then.facts
    assert isinstance(qualified, LeadQualified)
    assert qualified.handoff_id == handoff_of(LEAD, enrolment(ENTRY))
    assert (qualified.rep_id, qualified.attempts) == ("ana", 1)
    history.when(touched("03-03 10:04", plan(ENTRY, 1), "QUALIFIED")).then_nothing()


@pytest.mark.parametrize(
    ("code", "reason", "finer"),
    [
        ("NOTNOW", "closed", None),
        ("ENOUGH", "closed", "stopped-trying"),
        ("MEETING", "meeting-booked", None),
        ("STOP", "opted-out", None),
    ],
)
def test_one_whose_code_ends_the_cadence_ends_it(code: str, reason: str, finer: str) -> None:
    then = entered().when(touched("03-03 10:03", None, code, channel="email"))
    assert then.types == ["touch-withdrawn", "cadence-ended"]
    assert (then.ended.reason, then.ended.exit, then.ended.attempts) == (reason, finer, 1)


def test_while_people_pause_the_cadence_an_end_withdraws_nothing() -> None:
    history = entered()
    history.hears(paused("03-03 10:01"))
    then = history.when(touched("03-03 10:03", None, "QUALIFIED"))
    assert then.types == ["lead-qualified", "cadence-ended"]


def test_a_call_promised_in_it_takes_the_place_of_the_open_touch() -> None:
    history = entered()
    touch = touched("03-03 10:03", None, "LATER", callback="03-08 20:15", channel="email")
    promise = history.when(touch).planned
    assert (promise.step, promise.attempt, promise.again) == (1, 2, "callback")
    assert (promise.not_before, promise.for_rep) == (at("03-08 20:15"), "ana")
    history.when(touch).then_nothing()


def test_a_call_that_must_not_be_made_is_not_promised_in_it() -> None:
    history = entered()
    history.hears(bounced("03-03 10:01", "call"))
    history.when(touched("03-03 10:03", None, "LATER", channel="email")).then_nothing()


@pytest.mark.parametrize("code", ["NOANSWER", "BUSY", "BACK"])
def test_one_after_which_the_cadence_only_goes_on_leaves_the_open_touch(code: str) -> None:
    entered().when(touched("03-03 10:03", None, code)).then_nothing()
