"""The next step waits after the outcome of a touch, where the result code says so."""

from typing import Any

import pytest
from pydantic import ValidationError

from engagement.playbook import Playbook
from tests.unit.cadence.facts import (
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

ENTRY = created("03-03 10:00")  # a Monday
SPOKE = {"code": "SPOKE", "label": "Spoke", "action": "next-touch"}


def waiting(**wait: Any) -> Playbook:
    known = ruled().model_dump(mode="json", exclude_none=True)
    codes = {one["code"]: one for one in (*known["results"], {**SPOKE, **wait})}
    return Playbook.model_validate({**known, "results": list(codes.values())})


def under(**wait: Any) -> Given:
    return given(published(waiting(**wait)), ENTRY)


@pytest.mark.parametrize(
    ("wait", "opens", "said"),
    [
        ({"minutes": 90}, "03-03 11:33", "90 minutes"),
        ({"hours": 8}, "03-04 09:00", "8 hours"),
        ({"days": 1}, "03-04 09:00", "1 days"),
        ({"days": 4}, "03-07 09:00", "4 days"),
    ],
)
def test_the_next_step_is_planned_no_earlier(wait: Any, opens: str, said: str) -> None:
    planned = under(**wait).when(touched("03-03 10:03", plan(ENTRY, 1), "SPOKE")).planned
    assert (planned.step, planned.not_before, planned.moved_from) == (2, at(opens), None)
    assert f"results.SPOKE: {said}" in (planned.denied_by or ())


def test_a_step_whose_own_moment_is_later_keeps_it() -> None:
    history = under(hours=1)
    history.hears(touched("03-03 10:03", plan(ENTRY, 1)))
    third = history.when(touched("03-03 10:10", plan(ENTRY, 2), "SPOKE")).planned
    assert (third.step, third.not_before, third.denied_by) == (3, at("03-05 09:00"), None)


def test_the_wait_counts_from_when_the_touch_was_made() -> None:
    touch = touched("03-03 12:00", plan(ENTRY, 1), "SPOKE", made="03-03 10:30")
    assert under(hours=2).when(touch).planned.not_before == at("03-03 12:30")


def test_other_codes_and_a_lapse_let_nobody_wait() -> None:
    assert under(days=4).when(touched("03-03 10:03", plan(ENTRY, 1))).planned.not_before == at(
        "03-03 10:03"
    )
    assert under(days=4).when(lapsed("03-04 17:00", plan(ENTRY, 1))).planned.not_before == at(
        "03-05 09:00"
    )


def test_what_comes_between_does_not_cut_the_wait_short() -> None:
    for fact in (reassigned("03-03 10:10", "bo"), paused("03-03 10:10", "03-04 10:00")):
        history = under(days=4)
        history.hears(touched("03-03 10:03", plan(ENTRY, 1), "SPOKE"))
        then = history.when(fact)
        assert not then.facts or then.planned.not_before == at("03-07 09:00")


def test_an_unplanned_touch_lets_no_step_wait() -> None:
    history = under(days=4)
    history.when(touched("03-03 10:01", None, "SPOKE")).then_nothing()


@pytest.mark.parametrize("wait", [{"minutes": 5, "days": 1}, {"action": "close", "days": 1}])
def test_more_than_one_wait_or_one_for_nothing_is_refused(wait: Any) -> None:
    with pytest.raises(ValidationError, match=r"not one wait|waits for nothing"):
        waiting(**wait)


def test_days_are_for_the_next_step_alone() -> None:
    with pytest.raises(ValidationError, match="needs one wait"):
        waiting(action="retry-in", days=1)
