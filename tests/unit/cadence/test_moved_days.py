"""A moved lead is not touched twice on a day, where its version has the touches on two days."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as some

from engagement.playbook import Playbook
from engagement.playbook.alignment import aligned
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import at, created, moved, paused, plan, published, touched
from tests.unit.cadence.spec import Given, given
from tests.unit.cadence.versions import version

ENTRY = created("03-03 10:00")  # a Monday
ABCD = version("abcd")
ACD = version("acd", {"c": {"day": 2}, "d": {"day": 3}})
SAME_DAY: dict[str, Any] = {"b": {"day": 1}, "c": {"day": 1}}


def entered(other: Playbook, made: int, by: Playbook = ABCD) -> Given:
    """A lead who was touched so often, a day each, with another version known."""
    history = given(published(other), published(by), ENTRY)
    for number in range(made):
        history.hears(touched(f"03-0{3 + number} 10:03", plan(ENTRY, number + 1)))
    return history


@pytest.mark.parametrize("code", ["BUSY", "BACK"])
def test_where_a_touch_is_gone_that_was_to_be_tried_again_the_next_waits_for_its_day(
    code: str,
) -> None:
    history = entered(ACD, made=1)
    again = history.when(touched("03-04 10:00", plan(ENTRY, 2), code)).planned
    assert (again.activity, again.again is None) == ("b", False)
    planned = history.when(moved("03-04 10:05", ENTRY, ACD)).planned
    assert (planned.activity, planned.not_before) == ("c", at("03-05 09:00"))
    assert planned.again is None


def test_where_it_is_there_it_is_tried_again_when_it_was_to_be() -> None:
    late = version("abcd", {"b": {"part": "afternoon"}})
    history = entered(late, made=1)
    history.hears(touched("03-04 10:00", plan(ENTRY, 2), "BUSY"))
    planned = history.when(moved("03-04 10:05", ENTRY, late)).planned
    assert (planned.again, planned.not_before) == ("retry", at("03-04 13:00"))


@pytest.mark.parametrize("timed", [{"day": 2}, {"day": None, "with_previous": True}])
def test_a_touch_that_nobody_made_as_the_version_added_it_brings_none_onto_this_day(
    timed: dict[str, Any],
) -> None:
    added = version("abcxd", SAME_DAY | {"x": {"day": 2}, "d": timed})
    planned = entered(added, made=3).when(moved("03-05 12:00", ENTRY, added)).planned
    assert (planned.activity, planned.not_before) == ("d", at("03-06 09:00"))


def test_a_lead_whose_last_touch_was_made_while_it_was_paused_has_none_in_another_version() -> (
    None
):
    other = version("abcd", {"a": {"part": "morning"}})
    history = entered(other, made=3)
    history.hears(paused("03-06 10:00"), touched("03-06 10:05", plan(ENTRY, 4)))
    assert history.when(moved("03-06 10:10", ENTRY, other)).ended.reason == "exhausted"


def test_touches_of_one_day_that_become_two_days_come_on_two() -> None:
    late = version("abcd", {"b": {"day": 4}, "c": {"day": 4}, "d": {"day": 5}})
    early = version("abcd", {"d": {"day": 4}})
    history = given(published(early), published(late), ENTRY)
    history.hears(touched("03-03 10:03", plan(ENTRY, 1)), touched("03-06 10:03", plan(ENTRY, 2)))
    planned = history.when(moved("03-06 10:10", ENTRY, early)).planned
    assert (planned.activity, planned.not_before) == ("c", at("03-07 09:00"))


def test_a_touch_whose_day_has_come_and_that_nobody_made_still_stays_on_it() -> None:
    planned = entered(ACD, made=1).when(moved("03-04 12:00", ENTRY, ACD)).planned
    assert (planned.activity, planned.not_before) == ("c", at("03-04 12:00"))


DAYS = some.lists(some.integers(2, 12), min_size=4, max_size=4, unique=True).map(sorted)


@drawn(
    some.lists(some.sampled_from("bcde"), min_size=1, unique=True).map(sorted),
    DAYS,
    DAYS,
    some.integers(2, 4),
    some.sampled_from(["SENT", "BUSY"]),
)
def test_it_is_touched_on_one_day_once_whatever_the_versions_are(
    left: list[str], was: list[int], is_: list[int], made: int, code: str
) -> None:
    old, new = _with_days("abcde", was), _with_days("a" + "".join(left), is_)
    history = given(published(new), published(old), ENTRY)
    last, planned = at("03-03 10:03"), history.when(touched("03-03 10:03", plan(ENTRY, 1))).planned
    for number in range(1, made):
        last = planned.not_before + timedelta(minutes=3)
        said = code if number == made - 1 else "SENT"
        planned = history.when(touched(f"{last:%m-%d %H:%M}", planned.plan_id, said)).planned
    then = history.when(moved(f"{last + timedelta(minutes=2):%m-%d %H:%M}", ENTRY, new))
    steps = (one.cadences[0].steps for one in (old, new))
    same = dict(aligned(*steps))[made - 1]
    for one in then.facts:
        if isinstance(one, TouchPlanned) and one.step - 1 != same:
            assert one.not_before.date() > last.date()


def _with_days(letters: str, days: list[int]) -> Playbook:
    return version(
        letters, {one: {"day": day} for one, day in zip(letters[1:], days, strict=False)}
    )
