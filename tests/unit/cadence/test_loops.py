"""A block that ends after so many touches or days, whichever comes first; the cadence goes on."""

from typing import Any

import pytest
from pydantic import ValidationError

from engagement.cadence.state import Active
from engagement.playbook import Playbook
from engagement.playbook.experiment import diverges_at
from schemas.events.decision import BlockEnded
from tests.unit.cadence.facts import (
    LEAD,
    PLAYBOOK,
    RESULTS,
    at,
    created,
    enrolment,
    lapsed,
    moved,
    paused,
    plan,
    published,
    touched,
)
from tests.unit.cadence.spec import Given, Then, given

ENTRY = created("03-03 10:00")  # a Monday
CALL = {"day": 1, "channel": "call", "activity": "Call"}
AFTER = {"day": 20, "channel": "email", "activity": "E-mail: the last one"}


def looping(*after: dict[str, Any], times: int = 9, **until: int) -> Playbook:
    """A call a day, until a threshold of the block is reached; then what comes after it."""
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["results"] += RESULTS
    block = {"repeat": {"times": times, "gap_days": 0, "until": until}, "steps": [CALL]}
    known["cadences"][0]["steps"] = [block, *after]
    return Playbook.model_validate(known)


def under(*after: dict[str, Any], **until: int) -> Given:
    return given(published(looping(*after, **until)), ENTRY)


def goes_on(then: Then, threshold: str, step: int) -> None:
    """The block is over, and this step follows."""
    assert then.types == ["block-ended", "touch-planned"]
    told = then.facts[0]
    assert isinstance(told, BlockEnded)
    assert (told.step, told.threshold, told.enrolment_id) == (9, threshold, enrolment(ENTRY))
    assert then.planned.step == step


def test_the_last_attempt_of_the_block_leads_to_what_comes_after_it() -> None:
    history = under(AFTER, attempts=2, days=5)
    history.hears(touched("03-03 10:03", plan(ENTRY, 1)))
    then = history.when(touched("03-04 10:00", plan(ENTRY, 2)))
    goes_on(then, "attempts", 10)
    assert then.planned.not_before == at("03-24 09:00")  # day 20, a Saturday, slides
    assert history.when(touched("03-24 10:00", plan(ENTRY, 10))).ended.reason == "exhausted"


def test_the_days_end_the_block_where_they_are_over_first() -> None:
    history = under(AFTER, attempts=8, days=3)
    second = history.when(lapsed("03-04 17:00", plan(ENTRY, 1))).planned
    assert (second.step, second.not_before) == (2, at("03-05 09:00"))
    goes_on(history.when(touched("03-05 10:00", plan(ENTRY, 2))), "days", 10)


def test_what_follows_comes_on_its_own_day_however_often_the_block_could_come_again() -> None:
    fourth = {**AFTER, "day": 4}
    soon = under(fourth, attempts=1, days=3)
    then = soon.when(touched("03-03 10:03", plan(ENTRY, 1)))
    assert then.planned.not_before == at("03-06 09:00")
    late = under(fourth, attempts=8, days=3)
    late.hears(touched("03-03 10:03", plan(ENTRY, 1)), touched("03-04 10:00", plan(ENTRY, 2)))
    then = late.when(touched("03-05 10:00", plan(ENTRY, 3)))
    goes_on(then, "days", 10)
    assert then.planned.not_before == at("03-06 09:00")


def test_a_touch_lapses_with_the_last_day_of_its_block() -> None:
    first = given(published(looping(AFTER, days=1))).when(ENTRY).planned
    assert first.lapses_at == at("03-04 00:00")


def test_a_block_with_nothing_after_it_ends_the_cadence() -> None:
    then = under(attempts=1).when(touched("03-03 10:03", plan(ENTRY, 1)))
    assert then.types == ["block-ended", "cadence-ended"]
    assert (then.ended.reason, then.ended.threshold) == ("exhausted", None)


@pytest.mark.parametrize("code", ["BUSY", "BACK"])
def test_nothing_in_the_block_is_tried_again_after_its_last_attempt(code: str) -> None:
    then = under(AFTER, attempts=1).when(touched("03-03 10:03", plan(ENTRY, 1), code))
    goes_on(then, "attempts", 10)


def test_a_touch_that_nobody_planned_counts_and_passes_over_the_rest() -> None:
    history = under(AFTER, attempts=1)
    goes_on(history.when(touched("03-03 10:03", None)), "attempts", 10)
    state = history.partition.states[LEAD]
    assert isinstance(state, Active)
    assert state.loop is None


def test_a_promised_call_is_made_all_the_same() -> None:
    history = under(AFTER, attempts=1)
    promise = touched("03-03 10:03", plan(ENTRY, 1), "LATER", callback="03-06 11:00")
    assert history.when(promise).planned.again == "callback"
    goes_on(history.when(touched("03-06 11:00", plan(ENTRY, 1, 2))), "attempts", 10)


def test_a_pause_past_its_days_ends_the_block() -> None:
    goes_on(under(AFTER, days=3).when(paused("03-03 10:01", "03-12 10:00")), "days", 10)


def test_a_second_block_counts_from_its_own_first_touch() -> None:
    block = {"repeat": {"times": 2, "gap_days": 0, "until": {"attempts": 1}}, "steps": [AFTER]}
    history = under(block, attempts=1)
    planned = history.when(touched("03-03 10:03", plan(ENTRY, 1))).planned
    assert (planned.step, planned.attempts) == (10, 1)
    then = history.when(touched("03-24 10:00", plan(ENTRY, 10)))
    assert then.types == ["block-ended", "cadence-ended"]


def test_a_lead_that_is_moved_has_been_in_the_block_as_long_as_before() -> None:
    history = under(AFTER, attempts=3)
    history.hears(touched("03-03 10:03", plan(ENTRY, 1)), touched("03-04 10:00", plan(ENTRY, 2)))
    other = looping(AFTER, times=9, attempts=2)
    history.hears(published(other))
    then = history.when(moved("03-04 11:00", ENTRY, other))
    assert then.types == ["cadence-moved", "block-ended", "touch-planned"]


def test_a_block_whose_steps_take_longer_than_its_days_is_refused() -> None:
    known = looping(AFTER, days=2).model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"][0]["steps"].append({**CALL, "day": 3})
    with pytest.raises(ValidationError, match="its steps take 3 days, and `until` leaves it 2"):
        Playbook.model_validate(known)


def test_arms_whose_blocks_end_otherwise_differ_from_the_first_step_on() -> None:
    known = looping(AFTER, attempts=2).model_dump(mode="json", exclude_none=True)
    (other,) = looping(AFTER, attempts=3).model_dump(mode="json", exclude_none=True)["cadences"]
    known["cadences"].append({**other, "name": "other"})
    arms = [{"cadence": one["name"], "weight": 50} for one in known["cadences"]]
    known |= {"entry": [{"experiment": "x"}], "experiments": [{"name": "x", "arms": arms}]}
    playbook = Playbook.model_validate(known)
    assert diverges_at(playbook.experiment["x"], playbook.cadence, playbook.ruleset) == 1
