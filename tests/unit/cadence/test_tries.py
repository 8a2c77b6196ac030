"""A step is not tried for ever: after so many touches of it the cadence goes on."""

from typing import Any

import pytest
from pydantic import ValidationError

from engagement.playbook import Playbook
from engagement.playbook.checking import Wrong, checked, place
from tests.unit.cadence.facts import RESULTS, created, plan, published, ruled, touched
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday


def results(*changed: dict[str, Any]) -> Playbook:
    known = ruled().model_dump(mode="json", exclude_none=True)
    codes = {one["code"]: one for one in (*known["results"], *changed)}
    return Playbook.model_validate({**known, "results": list(codes.values())})


def busy(playbook: Playbook, times: int) -> Given:
    """So many touches of the first step after which it was tried again."""
    history = given(published(playbook), ENTRY)
    for attempt in range(1, times + 1):
        day, hour = divmod(attempt, 8)
        touch = touched(f"03-{3 + day:02} {10 + hour}:00", plan(ENTRY, 1, attempt), "BUSY")
        planned = history.when(touch).planned
        assert (planned.step, planned.attempt) == (1, attempt + 1)
    return history


def test_a_step_is_tried_as_often_as_the_code_says_and_then_the_next_one_follows() -> None:
    history = busy(results({**RESULTS[0], "most_tries": 3}), 2)
    planned = history.when(touched("03-05 10:00", plan(ENTRY, 1, 3), "BUSY")).planned
    assert (planned.step, planned.attempt, planned.again) == (2, None, None)
    planned = history.when(touched("03-05 10:01", plan(ENTRY, 2), "BUSY")).planned
    assert (planned.step, planned.attempt) == (2, 2)


def test_a_code_that_says_no_number_goes_on_after_thirty() -> None:
    history = busy(ruled(), 29)
    assert history.when(touched("03-10 10:00", plan(ENTRY, 1, 30), "BUSY")).planned.step == 2


def test_each_code_has_its_own_number_and_a_promise_has_none() -> None:
    history = busy(results({**RESULTS[2], "most_tries": 1}), 1)
    again = history.when(touched("03-04 10:00", plan(ENTRY, 1, 2), "LATER")).planned
    assert (again.step, again.again) == (1, "callback")
    assert history.when(touched("03-04 15:00", plan(ENTRY, 1, 3), "BACK")).planned.step == 2


def test_codes_of_which_none_leads_on_are_refused() -> None:
    known = ruled().model_dump(mode="json", exclude_none=True)
    with pytest.raises(Wrong) as wrong:
        checked({**known, "results": RESULTS[:3]})
    (fault,) = wrong.value.details
    assert fault["ctx"]["rule"] == "every code takes the same step once more"
    assert place(fault) == ("results",)


def test_a_log_may_hold_codes_of_which_none_leads_on() -> None:
    known = ruled().model_dump(mode="json", exclude_none=True)
    old = Playbook.model_validate({**known, "results": RESULTS[:3]})
    assert given(published(old)).when(ENTRY).planned.step == 1


@pytest.mark.parametrize("action", ["next-touch", "schedule-callback"])
def test_a_number_of_tries_is_refused_where_nothing_is_tried_again(action: str) -> None:
    wait = {"hours": 1} if action == "schedule-callback" else {}
    code = {"code": "X", "label": "X", "action": action, "most_tries": 3, **wait}
    with pytest.raises(ValidationError, match="does not try a step again"):
        results(code)
