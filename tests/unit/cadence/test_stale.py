"""Steps that nobody takes: given on as many days as the ruleset says, and skipped then."""

import pytest

from tests.unit.cadence.facts import (
    at,
    created,
    lapsed,
    paused,
    plan,
    published,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday
FIRST = plan(ENTRY, 1)


def under(**rules: object) -> Given:
    return given(published(ruled(**rules)), ENTRY)


def test_a_touch_that_nobody_made_is_given_on_the_next_day() -> None:
    history = under(stale_after_days=3)
    again = history.when(lapsed("03-04 17:00", FIRST)).planned
    assert (again.step, again.attempt, again.attempts) == (1, 2, 0)
    assert (again.not_before, again.lapses_at) == (at("03-05 09:00"), at("03-05 17:00"))
    assert again.again is None


def test_after_its_last_day_the_next_step_follows() -> None:
    history = under(stale_after_days=2)
    history.hears(lapsed("03-04 17:00", FIRST))
    assert history.when(lapsed("03-05 17:00", plan(ENTRY, 1, 2))).planned.step == 2


@pytest.mark.parametrize("rules", [{}, {"stale_after_days": 1}])
def test_one_day_is_what_it_has_otherwise(rules: dict[str, int]) -> None:
    assert under(**rules).when(lapsed("03-04 17:00", FIRST)).planned.step == 2


def test_the_days_it_took_move_the_rest_once_each() -> None:
    history = under(stale_after_days=3)
    for attempt, day in enumerate(("03-04", "03-05", "03-06"), start=1):
        history.hears(lapsed(f"{day} 17:00", plan(ENTRY, 1, attempt)))
    third = history.when(touched("03-07 09:05", plan(ENTRY, 2))).planned
    # day 3 was 03-05; three days were lost, and 03-08 is a Saturday
    assert (third.step, third.not_before) == (3, at("03-10 09:00"))


def test_a_touch_made_on_its_first_day_and_told_on_its_third_lost_no_day() -> None:
    history = under(stale_after_days=3)
    history.hears(lapsed("03-04 17:00", FIRST), lapsed("03-05 17:00", plan(ENTRY, 1, 2)))
    second = history.when(touched("03-06 09:30", FIRST, made="03-03 10:30")).planned
    assert (second.step, second.corrects) == (2, plan(ENTRY, 1, 3))
    third = history.when(touched("03-06 09:40", second.plan_id, made="03-03 10:40")).planned
    assert (third.step, third.not_before) == (3, at("03-06 09:40"))


def test_a_touch_that_was_made_has_its_days_anew() -> None:
    history = under(stale_after_days=2)
    history.hears(lapsed("03-04 17:00", FIRST))
    busy = history.when(touched("03-05 10:00", plan(ENTRY, 1, 2), "BUSY")).planned
    assert (busy.attempt, busy.again) == (3, "retry")
    again = history.when(lapsed("03-05 17:00", busy.plan_id)).planned
    assert (again.step, again.attempt, again.again) == (1, 4, "retry")
    assert history.when(lapsed("03-06 17:00", again.plan_id)).planned.step == 2


def test_a_pause_in_between_takes_none_of_its_days() -> None:
    history = under(stale_after_days=2)
    history.hears(lapsed("03-04 17:00", FIRST))
    moved = history.when(paused("03-05 10:00", "03-07 10:00")).planned
    assert (moved.attempt, moved.not_before) == (3, at("03-07 10:00"))
    assert history.when(lapsed("03-07 17:00", moved.plan_id)).planned.step == 2
