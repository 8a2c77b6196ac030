"""Caps: a lead is not touched more often than its playbook says, whatever its cadence says."""

import pytest

from engagement.cadence.state import Active, Ended
from tests.unit.cadence.facts import (
    LEAD,
    asked,
    at,
    created,
    enrolment,
    moved,
    plan,
    published,
    replied,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday
FIRST = plan(ENTRY, 1)
CAPPED = {"per_day": 1}


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


def test_a_touch_made_while_no_cadence_runs_counts_for_the_next_entry() -> None:
    history = under(per_day=1, gap_minutes=600)
    history.hears(replied("03-03 10:01"), touched("03-03 11:00", None))
    planned = history.when(created("03-03 11:05")).planned
    assert (planned.moved_from, planned.not_before) == (at("03-03 11:05"), at("03-04 09:00"))
    assert planned.denied_by == ("caps.gap_minutes: 600", "caps.per_day: 1")


def test_a_touch_before_the_lead_came_in_counts_too() -> None:
    history = given(published(ruled(caps={"gap_minutes": 60})), touched("03-03 09:30", None))
    assert history.when(ENTRY).planned.not_before == at("03-03 10:30")


@pytest.mark.parametrize(
    ("zone", "made", "comes_in", "opens"),
    [
        ("Asia/Tokyo", "03-03 15:30", "03-04 00:00", "03-05 00:00"),
        ("America/New_York", "03-04 02:00", "03-04 03:00", "03-04 14:00"),
    ],
)
def test_a_touch_before_the_lead_came_in_counts_on_its_day_by_the_leads_clock(
    zone: str, made: str, comes_in: str, opens: str
) -> None:
    history = given(published(ruled(caps={"call": {"per_day": 1}})), touched(made, None))
    assert history.when(created(comes_in, zone)).planned.not_before == at(opens)


def test_a_touch_after_an_end_without_caps_counts_by_the_clock_of_the_next_entry() -> None:
    history = given(published(ruled()), created("03-03 10:00"), replied("03-03 10:01"))
    history.hears(published(ruled(caps=CAPPED)), touched("03-03 15:30", None))
    planned = history.when(created("03-04 00:00", "Asia/Tokyo")).planned
    assert planned.not_before == at("03-05 00:00")


def test_a_day_that_a_lead_gone_west_sees_twice_is_one_day() -> None:
    history = given(published(ruled(caps=CAPPED)), created("03-03 15:10", "Asia/Tokyo"))
    history.hears(touched("03-03 15:30", None), replied("03-03 15:40"))  # the 4th, in Tokyo
    planned = history.when(created("03-03 23:00", "America/New_York")).planned
    assert (planned.moved_from, planned.not_before) == (at("03-03 23:00"), at("03-05 14:00"))


def test_touches_before_the_lead_came_in_are_remembered_for_a_week_of_any_zones_days() -> None:
    history = given(published(ruled(caps={"call": {"per_week": 1}})))
    for day in range(9, 0, -1):
        history.hears(touched(f"03-0{day} 10:00", None, channel="email"))
    history.hears(touched("03-04 10:00", None), touched("03-03 11:00", None, channel="sms"))
    touches = history.partition.states[LEAD].touches
    assert touches
    assert touches.unplaced
    assert len(touches.unplaced) == 9
    assert min(touches.unplaced).made == (0, 1, 0, 0)
    assert history.when(created("03-10 10:00")).planned.not_before == at("03-11 09:00")


def test_a_touch_outside_counts_once_however_often_it_is_told() -> None:
    history = under(per_day=2)
    history.hears(replied("03-03 10:01"))
    for _ in range(3):
        history.hears(touched("03-03 11:00", None))
    assert history.when(created("03-03 11:05")).planned.moved_from is None


def test_the_touch_that_was_open_at_the_end_counts_when_it_is_told_and_an_answered_one_not() -> (
    None
):
    for plan_id, counts in ((FIRST, True), (plan(ENTRY, 2), False)):
        history = under(gap_minutes=600)
        history.hears(replied("03-03 10:01"))
        for _ in range(2):
            history.hears(touched("03-03 11:00", plan_id))
        planned = history.when(created("03-03 11:05")).planned
        assert (planned.moved_from is not None) == counts
    history = under(gap_minutes=60)
    history.hears(touched("03-03 10:03", FIRST, "NOTNOW"), touched("03-03 11:00", FIRST))
    assert history.when(created("03-03 11:05")).planned.moved_from is None


def test_the_touch_open_at_the_end_is_heard_once_whatever_is_published_since() -> None:
    history = under(per_day=1)
    late = touched("03-03 11:00", FIRST)
    history.hears(replied("03-03 10:01"), published(ruled()), late, published(ruled(caps=CAPPED)))
    before = history.partition.states[LEAD]
    history.hears(late)
    assert history.partition.states[LEAD] == before


def test_a_touch_counts_before_its_lead_is_moved_to_a_version_with_caps() -> None:
    capped = ruled(caps={"per_day": 1})
    history = given(published(ruled()), ENTRY, published(capped), published(capped))
    history.hears(touched("03-03 10:03", FIRST))
    planned = history.when(moved("03-03 10:10", ENTRY, capped)).planned
    assert (planned.step, planned.not_before) == (2, at("03-04 09:00"))


def test_nothing_is_counted_where_no_playbook_has_caps() -> None:
    history = given(published(ruled()), ENTRY, touched("03-03 10:03", FIRST))
    state = history.partition.states[LEAD]
    assert isinstance(state, Active)
    assert state.touches is None
    history.hears(replied("03-03 10:05"), touched("03-03 11:00", None))
    assert history.partition.states[LEAD] == Ended(
        enrolment_id=enrolment(ENTRY), ended_at=at("03-03 10:05"), reason="replied"
    )


def test_a_week_of_the_leads_own_days_is_remembered_and_no_more() -> None:
    history = under(gap_minutes=1)
    for day in range(1, 10):
        history.hears(touched(f"04-0{day} 10:00", None))
    state = history.partition.states[LEAD]
    assert isinstance(state, Active)
    assert state.touches
    assert len(state.touches.counts) == 7
