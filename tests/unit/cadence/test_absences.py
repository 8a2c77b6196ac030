"""A lead waits for the end of a time off, and goes on early where that ends early."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import strategies as some

from engagement.time_off import Closure
from tests.unit.cadence.facts import (
    at,
    created,
    opted_out,
    paused,
    plan,
    published,
    resumed,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday
FIRST = plan(ENTRY, 1)
TEAMS, ANOTHER = UUID(int=1), UUID(int=2)


def away() -> Given:
    """The team has time off from Monday to Monday."""
    history = given(published(ruled()), ENTRY)
    history.hears(paused("03-03 10:01", "03-10 00:00", TEAMS))
    return history


def test_the_touch_comes_back_to_where_the_early_end_puts_it() -> None:
    history = away()
    planned = history.when(resumed("03-05 08:00", "03-06 08:00", TEAMS)).planned
    assert (planned.step, planned.not_before) == (1, at("03-06 09:00"))
    history.when(resumed("03-05 08:00", "03-06 08:00", TEAMS)).then_nothing()


def test_it_comes_at_once_where_its_moment_is_over() -> None:
    planned = away().when(resumed("03-05 10:00", "03-05 08:00", TEAMS)).planned
    assert (planned.not_before, planned.moved_from) == (at("03-05 10:00"), None)


def test_another_time_off_holds_on() -> None:
    history = away()
    history.when(resumed("03-04 10:00", "03-04 10:00", ANOTHER)).then_nothing()
    history.hears(paused("03-04 11:00", "03-07 00:00", ANOTHER))
    planned = history.when(resumed("03-05 10:00", "03-05 10:00", TEAMS)).planned
    assert planned.not_before == at("03-07 09:00")
    planned = history.when(resumed("03-05 11:00", "03-05 11:00", ANOTHER)).planned
    assert planned.not_before == at("03-05 11:00")


def test_what_people_paused_stays_so_until_its_own_end() -> None:
    history = away()
    history.hears(paused("03-04 10:00", "03-07 00:00"))
    planned = history.when(resumed("03-05 10:00", "03-05 10:00", TEAMS)).planned
    assert planned.not_before == at("03-07 09:00")
    longer = away()
    longer.hears(paused("03-04 10:00", "03-12 00:00"))
    longer.when(resumed("03-05 10:00", "03-05 10:00", TEAMS)).then_nothing()


def test_a_lead_that_waits_for_people_is_left_to_them() -> None:
    history = away()
    assert history.when(paused("03-04 10:00")).types == ["cadence-paused"]
    history.when(resumed("03-05 10:00", "03-05 10:00", TEAMS)).then_nothing()
    assert history.when(resumed("03-06 11:00")).planned.not_before == at("03-06 11:00")


def test_people_end_every_pause_of_a_lead() -> None:
    history = away()
    history.hears(paused("03-04 10:00", "03-12 00:00"))
    assert history.when(resumed("03-05 10:00")).planned.not_before == at("03-05 10:00")
    history.when(resumed("03-05 11:00", "03-05 11:00", TEAMS)).then_nothing()


def test_a_promise_that_waits_comes_back_to_its_moment() -> None:
    history = given(published(ruled()), ENTRY)
    history.hears(touched("03-03 10:03", FIRST, "LATER", callback="03-06 14:00"))
    history.hears(paused("03-03 10:04", "03-10 07:00", TEAMS))
    planned = history.when(resumed("03-05 10:00", "03-06 14:00", TEAMS)).planned
    assert (planned.again, planned.not_before) == ("callback", at("03-06 14:00"))


def test_what_comes_in_place_of_the_touch_goes_on_early_too() -> None:
    history = away()
    assert history.when(opted_out("03-04 10:00", "call")).planned.not_before == at("03-10 09:00")
    planned = history.when(resumed("03-05 10:00", "03-05 10:00", TEAMS)).planned
    assert (planned.channel, planned.not_before) == ("email", at("03-05 10:00"))


def test_days_until_the_early_end_are_not_caught_up() -> None:
    history = away()
    history.hears(resumed("03-05 10:00", "03-05 10:00", TEAMS))
    history.hears(touched("03-05 10:10", plan(ENTRY, 1, 3)))
    planned = history.when(touched("03-05 10:20", plan(ENTRY, 2))).planned
    assert planned.not_before == at("03-07 09:00")


@drawn(some.integers(0, 7 * 24 * 60 - 1), some.integers(1, 7 * 24 * 60), some.booleans())
def test_an_early_end_brings_nothing_into_the_past_or_later_than_the_end_that_was_meant(
    opens: int, ended: int, waits: bool
) -> None:
    begins, minute = at("03-03 09:00"), timedelta(minutes=1)
    opens_at, ended_at = begins + opens * minute, begins + ended * minute
    meant = Closure(begins, begins + timedelta(days=7)).goes_on(opens_at, waits=waits)
    early = Closure(begins, ended_at).goes_on(opens_at, waits=waits)
    assert ended_at <= early <= meant or early == opens_at > ended_at
