"""A lead out of office is back when the latest machine's answer says, and people's pauses stay."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as some

from engagement.cadence.facts import Cause
from engagement.cadence.state import Active
from tests.unit.cadence.facts import (
    LEAD,
    at,
    away,
    created,
    paused,
    plan,
    published,
    resumed,
    ruled,
    touched,
)
from tests.unit.cadence.rulesets import ENTRY, FIRST, under
from tests.unit.cadence.spec import Given, given


def out(until: str = "05-20 00:00") -> Given:
    """On Monday, 3 March, a machine told of a return."""
    history = under()
    history.hears(away("03-03 11:00", until))
    return history


@pytest.mark.parametrize("returns", ["03-01 00:00", "03-02 23:59", "03-03 00:00", "03-03 23:59"])
def test_a_return_that_is_no_later_day_is_as_none_told(returns: str) -> None:
    planned = under().when(away("03-03 11:00", returns)).planned
    assert planned.not_before == at("03-06 11:00")  # three days, as the default says


def test_the_day_of_the_return_is_one_of_the_leads_clock() -> None:
    history = given(published(ruled()), created("03-03 22:00", "America/Chicago"))
    planned = history.when(away("03-04 02:00", "03-04 05:30")).planned  # Tuesday, 23:30 before
    assert planned.not_before == at("03-07 15:00")
    planned = history.when(away("03-04 02:01", "03-04 06:00")).planned  # at its midnight
    assert planned.not_before == at("03-04 15:00")


def test_a_later_answer_brings_the_touch_back_to_a_nearer_return() -> None:
    history = out()
    planned = history.when(away("03-03 12:00", "03-10 00:00")).planned
    assert (planned.step, planned.not_before) == (1, at("03-10 09:00"))
    assert (planned.moved_from, planned.denied_by) == (at("03-03 11:00"), ("pause",))
    history.when(away("03-03 12:00", "03-10 00:00")).then_nothing()
    planned = history.when(touched("03-10 09:05", plan(ENTRY, 1, 3))).planned
    assert (planned.step, planned.not_before) == (2, at("03-10 09:05"))


def test_an_earlier_answer_that_comes_late_or_again_changes_nothing() -> None:
    history = out("03-10 00:00")
    history.when(away("03-03 10:30", "05-20 00:00")).then_nothing()
    history.hears(touched("03-10 09:05", plan(ENTRY, 1, 2)))
    history.when(away("03-03 10:30", "05-20 00:00")).then_nothing()
    history.when(away("03-03 11:00", "03-10 00:00")).then_nothing()


def test_a_nearer_return_shortens_no_pause_that_people_set() -> None:
    history = out()
    history.hears(paused("03-03 11:30", "03-20 00:00"))
    assert history.when(away("03-03 12:00", "03-10 00:00")).planned.not_before == at("03-20 09:00")
    history.when(away("03-03 12:10", "03-12 00:00")).then_nothing()
    waits = out()
    waits.hears(paused("03-03 11:30"))
    waits.when(away("03-03 12:00", "03-10 00:00")).then_nothing()
    assert waits.when(resumed("03-04 10:00")).planned.not_before == at("03-04 10:00")


def test_people_end_the_pause_for_a_machines_answer_and_for_all_before_it() -> None:
    history = out()
    assert history.when(resumed("03-04 10:00")).planned.not_before == at("03-04 10:00")
    history.when(away("03-03 12:00", "03-10 00:00")).then_nothing()
    assert history.when(away("03-04 11:00", "03-10 00:00")).planned.not_before == at("03-10 09:00")


def test_a_promised_call_stays_at_its_moment_when_the_return_comes_nearer() -> None:
    history = under()
    history.hears(touched("03-03 10:03", FIRST, "LATER", callback="03-06 14:00"))
    assert history.when(away("03-03 11:00", "03-20 07:00")).planned.not_before == at("03-20 09:00")
    planned = history.when(away("03-03 12:00", "03-05 00:00")).planned
    assert (planned.again, planned.not_before) == ("callback", at("03-06 14:00"))


ANSWERS = some.tuples(some.integers(0, 180), some.none() | some.integers(-3, 45))
PAUSES = some.tuples(some.integers(0, 180), some.integers(1, 45))


def _told(answers: Sequence[tuple[int, int | None]]) -> list[Cause]:
    return [away(_minute(n), None if days is None else _day(days)) for n, days in answers]


def _minute(minutes: int) -> str:
    return (at("03-03 11:00") + timedelta(minutes=minutes)).strftime("%m-%d %H:%M")


def _day(days: int) -> str:
    return (at("03-03 00:00") + timedelta(days=days)).strftime("%m-%d %H:%M")


def _end(minutes: int, days: int | None) -> str:
    wait = timedelta(days=3 if days is None or days <= 0 else 30)
    latest = at(_minute(minutes)) + wait
    told = at(_day(days)) if days is not None and days > 0 else latest
    return min(told, latest).strftime("%m-%d %H:%M")


@drawn(
    some.lists(ANSWERS, min_size=1, max_size=4),
    some.lists(PAUSES, max_size=2),
    some.randoms(use_true_random=False),
)
def test_in_any_order_the_latest_answer_says_the_end(
    answers: list[tuple[int, int | None]], pauses: list[tuple[int, int]], chance: Random
) -> None:
    facts = [*_told(answers), *(paused(_minute(n), _day(days)) for n, days in pauses)]
    facts += facts[:2]  # some come twice
    chance.shuffle(facts)
    history = given(published(ruled()), ENTRY, *facts)
    state = history.partition.states[LEAD]
    assert isinstance(state, Active)
    last = max(n for n, _ in answers)
    ends = [max(_end(n, days) for n, days in answers if n == last)]
    assert state.held_until == max(at(end) for end in [*ends, *(_day(d) for _, d in pauses)])
    assert state.not_before
    assert state.held_until <= state.not_before < state.held_until + timedelta(days=3)
