"""Caps: a lead is not touched more often than its playbook says, whatever its cadence says."""

import pytest

from engagement.cadence.state import Active
from tests.unit.cadence.facts import (
    LEAD,
    asked,
    at,
    created,
    plan,
    published,
    replied,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday
FIRST = plan(ENTRY, 1)


def under(**caps: object) -> Given:
    return given(published(ruled(caps=caps)), ENTRY)


@pytest.mark.parametrize(
    ("caps", "opens"),
    [
        ({"gap_minutes": 60}, "03-03 11:03"),
        ({"gap_minutes": 600}, "03-04 09:00"),
        ({"per_day": 1}, "03-04 09:00"),
        ({"per_week": 1}, "03-10 09:00"),
        ({"call": {"per_day": 1, "per_week": 1}}, "03-03 10:03"),
        ({"email": {"per_day": 1}}, "03-03 10:03"),
        ({"email": {"gap_minutes": 2_880}}, "03-03 10:03"),
        ({"call": {"gap_minutes": 2_880}}, "03-03 10:03"),
    ],
)
def test_the_next_touch_waits_for_its_cap(caps: dict[str, object], opens: str) -> None:
    planned = under(**caps).when(touched("03-03 10:03", FIRST)).planned
    assert planned.not_before == at(opens)
    assert planned.moved_from == (at("03-03 10:03") if opens != "03-03 10:03" else None)


def test_a_cap_of_a_channel_counts_that_channel_alone() -> None:
    history = under(call={"per_week": 2})
    history.hears(touched("03-03 10:03", FIRST))
    for minute in (4, 5):
        history.hears(touched(f"03-03 10:0{minute}", None, channel="email", name=str(minute)))
    third = history.when(touched("03-03 10:06", plan(ENTRY, 2), channel="call")).planned
    assert (third.step, third.not_before) == (3, at("03-10 09:00"))


def test_the_gap_of_a_channel_parts_its_own_touches_and_no_others() -> None:
    history = under(email={"gap_minutes": 2_880})
    history.hears(touched("03-03 10:01", None, channel="email"))
    waits = history.when(touched("03-03 10:03", FIRST)).planned
    assert (waits.channel, waits.not_before) == ("email", at("03-05 10:01"))
    assert waits.denied_by == ("caps.email.gap_minutes: 2880",)
    call = history.when(touched("03-05 10:03", plan(ENTRY, 2), channel="email")).planned
    assert (call.channel, call.not_before) == ("call", at("03-07 09:00"))


def test_a_touch_that_nobody_planned_moves_the_open_one() -> None:
    history = under(per_day=1)
    moved = history.when(touched("03-03 10:01", None)).planned
    assert (moved.step, moved.attempt, moved.not_before) == (1, 2, at("03-04 09:00"))
    history.when(touched("03-03 10:01", None)).then_nothing()


def test_a_retry_waits_for_its_cap_and_a_promise_does_not() -> None:
    history = under(per_day=1)
    moved = history.when(touched("03-03 10:03", FIRST, "BUSY")).planned
    assert (moved.not_before, moved.moved_from) == (at("03-04 09:00"), at("03-03 10:33"))
    assert history.when(asked("03-03 11:00")).planned.not_before == at("03-03 11:00")
    history.when(touched("03-03 11:01", None)).then_nothing()


def test_caps_hold_over_an_end_and_a_new_entry() -> None:
    history = under(per_day=1)
    history.hears(touched("03-03 10:03", FIRST), replied("03-03 10:05"))
    planned = history.when(created("03-03 12:00")).planned
    assert (planned.step, planned.not_before) == (1, at("03-04 09:00"))


def test_a_week_of_the_leads_own_days_is_remembered_and_no_more() -> None:
    history = under(gap_minutes=1)
    for day in range(1, 10):
        history.hears(touched(f"04-0{day} 10:00", None))
    state = history.partition.states[LEAD]
    assert isinstance(state, Active)
    assert state.touches
    assert len(state.touches.counts) == 7
