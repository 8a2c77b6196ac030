"""Thresholds: a cadence ends after so many touches or days, whichever comes first."""

from typing import Any

import pytest

from engagement.playbook import Playbook
from schemas.events.decision import EndReason, Threshold
from tests.unit.cadence.facts import (
    PLAYBOOK,
    RESULTS,
    asked,
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
from tests.unit.cadence.spec import Given, Then, given

ENTRY = created("03-03 10:00")  # a Monday
CALL = {"day": 1, "channel": "call", "activity": "Call"}
DAILY = [{"repeat": {"times": 9, "gap_days": 0}, "steps": [CALL]}]


def until(steps: list[dict[str, Any]] | None = None, **thresholds: int) -> Playbook:
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["results"] += RESULTS
    (cadence,) = known["cadences"]
    cadence |= {"steps": steps or DAILY, "until": thresholds}
    return Playbook.model_validate(known)


def under(**thresholds: int) -> Given:
    return given(published(until(None, **thresholds)), ENTRY)


def ends(then: Then, threshold: Threshold, attempts: int) -> None:
    ended = then.ended
    expected: tuple[EndReason, None, Threshold] = ("exhausted", None, threshold)
    assert (ended.reason, ended.exit, ended.threshold) == expected
    assert ended.attempts == attempts


def test_the_last_attempt_ends_the_cadence() -> None:
    history = under(attempts=2, days=5)
    history.hears(touched("03-03 10:03", plan(ENTRY, 1)))
    then = history.when(touched("03-04 10:00", plan(ENTRY, 2)))
    assert then.types == ["cadence-ended"]
    ends(then, "attempts", 2)


def test_the_days_end_it_where_they_are_over_first() -> None:
    history = under(attempts=4, days=3)
    history.hears(touched("03-03 10:03", plan(ENTRY, 1)), touched("03-04 10:00", plan(ENTRY, 2)))
    ends(history.when(touched("03-05 10:00", plan(ENTRY, 3))), "days", 3)


@pytest.mark.parametrize("code", ["BUSY", "BACK"])
def test_nothing_is_tried_again_after_the_last_attempt(code: str) -> None:
    ends(under(attempts=1).when(touched("03-03 10:03", plan(ENTRY, 1), code)), "attempts", 1)


def test_a_promised_call_is_made_and_is_the_last() -> None:
    history = under(attempts=1, days=2)
    promised = touched("03-03 10:03", plan(ENTRY, 1), "LATER", callback="03-06 11:00")
    assert history.when(promised).planned.again == "callback"
    history.when(touched("03-04 10:00", None)).then_nothing()
    ends(history.when(touched("03-06 11:00", plan(ENTRY, 1, 2))), "attempts", 3)


def test_a_call_that_the_lead_asks_for_is_planned_after_the_days() -> None:
    history = under(days=2)
    assert history.when(asked("03-03 11:00", "03-07 11:00")).planned.again == "callback"
    for number, day in enumerate(("03-10", "03-11"), start=2):
        missed = history.when(lapsed(f"{day} 17:00", plan(ENTRY, 1, number))).planned
        assert missed.again == "callback"
    history.hears(touched("03-12 08:00", None))
    ends(history.when(lapsed("03-12 17:00", missed.plan_id)), "days", 1)


def test_a_touch_that_nobody_planned_withdraws_the_open_one() -> None:
    history = under(attempts=2)
    history.hears(touched("03-03 10:03", plan(ENTRY, 1)))
    then = history.when(touched("03-03 11:00", None))
    assert then.types == ["touch-withdrawn", "cadence-ended"]
    ends(then, "attempts", 2)
    history.when(touched("03-04 10:00", plan(ENTRY, 2))).then_nothing()


def test_a_lapsed_touch_is_no_attempt() -> None:
    history = under(attempts=2)
    second = history.when(lapsed("03-04 17:00", plan(ENTRY, 1))).planned
    assert (second.step, second.attempts) == (2, 0)


def test_a_pause_past_the_last_day_ends_it() -> None:
    history = under(days=4)
    then = history.when(paused("03-03 10:01", "03-20 10:00"))
    assert then.types == ["touch-withdrawn", "cadence-ended"]
    ends(then, "days", 0)


def test_a_pause_without_an_end_ends_it_when_people_resume_it() -> None:
    history = under(days=4)
    history.hears(paused("03-03 10:01"))
    then = history.when(resumed("03-20 10:00"))
    assert then.types == ["cadence-ended"]
    ends(then, "days", 0)


def test_what_is_left_after_an_opt_out_is_under_the_days() -> None:
    steps = [
        CALL,
        {"day": 2, "channel": "email", "activity": "E-mail"},
    ]
    history = given(published(until(steps, days=2)), created("03-07 10:00"))  # a Friday
    ends(history.when(opted_out("03-07 10:01", "call")), "days", 0)


def test_the_last_plan_lapses_with_the_last_day() -> None:
    entry = created("03-03 10:00", "America/New_York")
    first = given(published(until(days=1))).when(entry).planned
    assert first.lapses_at.isoformat() == "2025-03-04T05:00:00+00:00"


def test_a_lead_whose_days_are_over_before_its_first_touch_enters_and_leaves() -> None:
    steps = [{"day": 1, "part": "morning", "channel": "call", "activity": "Call"}]
    then = given(published(until(steps, days=2))).when(created("03-07 16:50"))  # a Friday
    assert then.types == ["cadence-entered", "cadence-ended"]
    ends(then, "days", 0)


@pytest.mark.parametrize("before", [None, {"days": 9}])
def test_the_days_of_a_lead_that_is_moved_count_from_its_entry(
    before: dict[str, int] | None,
) -> None:
    known = until(days=5).model_dump(mode="json", exclude_none=True)
    known["cadences"][0] |= {"until": before}
    old, new = Playbook.model_validate(known), until(days=5)
    history = given(published(old), ENTRY, published(new))
    history.hears(lapsed("03-04 17:00", plan(ENTRY, 1)), lapsed("03-05 17:00", plan(ENTRY, 2)))
    then = history.when(moved("03-06 10:00", ENTRY, new))
    assert then.planned.lapses_at == at("03-06 17:00")
    ends(history.when(lapsed("03-07 17:00", then.planned.plan_id)), "days", 0)
    history = given(published(old), ENTRY, published(new))
    history.hears(touched("03-05 10:00", plan(ENTRY, 1)), touched("03-07 10:00", plan(ENTRY, 2)))
    then = history.when(moved("03-07 11:00", ENTRY, new))
    assert then.types == ["cadence-moved", "touch-withdrawn", "cadence-ended"]
    ends(then, "days", 2)


def test_the_days_are_counted_from_entry_although_the_cadence_slides() -> None:
    history = under(days=5)
    history.hears(lapsed("03-04 17:00", plan(ENTRY, 1)), lapsed("03-05 17:00", plan(ENTRY, 2)))
    third = history.when(touched("03-07 16:00", plan(ENTRY, 3)))
    ends(third, "days", 1)
