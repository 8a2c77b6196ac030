"""What a calendar's keys change in the decisions: law, holidays, zones by place, lunch."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from engagement.cadence.facts import Cause
from engagement.cadence.state import Active
from engagement.cadence.stored import dump, load
from engagement.playbook import Playbook
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import LEAD, PLAYBOOK, at, created, plan, published, touched
from tests.unit.cadence.spec import Given, given

NEW_YORK = "America/New_York"
EVERY_DAY = {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "hours": "08:00-21:00"}


def keeping(**keys: Any) -> Playbook:
    """The seed's playbook, with these keys in its calendar."""
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["calendar"] |= keys
    return Playbook.model_validate(known)


def lead(when: str, zone: str | None = None, region: str | None = None, **told: Any) -> Cause:
    """A lead from this region, as US-FL, or from this country alone, as DE."""
    country, _, code = (region or "").partition("-")
    entry = created(when, zone, **told)
    where = {"country": country or None, "region": code or None}
    features = entry.data.features.model_copy(update=where)  # type: ignore[attr-defined]
    return replace(entry, data=entry.data.model_copy(update={"features": features}))


def first(playbook: Playbook, entry: Cause) -> TouchPlanned:
    """The first touch of this lead."""
    return given(published(playbook)).when(entry).planned


def third(playbook: Playbook, entry: Cause) -> TouchPlanned:
    """The third touch, a call on the third day, when two were made on the first."""
    history, made = _entered(playbook, entry)
    history.hears(touched(_minutes(made, 1), plan(entry, 1)))
    return history.when(touched(_minutes(made, 2), plan(entry, 2))).planned


def second(playbook: Playbook, entry: Cause) -> TouchPlanned:
    """The second touch, an e-mail on the first day."""
    history, made = _entered(playbook, entry)
    return history.when(touched(_minutes(made, 1), plan(entry, 1))).planned


def _entered(playbook: Playbook, entry: Cause) -> tuple[Given, datetime]:
    return given(published(playbook), entry), entry.data.recorded_at


def _minutes(moment: datetime, passed: int) -> str:
    return (moment + timedelta(minutes=passed)).strftime("%m-%d %H:%M")


def test_a_call_waits_for_the_calling_hours_of_the_state() -> None:
    entry = lead("03-06 16:00", NEW_YORK, "US-RI")  # a Thursday: the third day is a Saturday
    anywhere = third(keeping(**EVERY_DAY), entry)
    lawful = third(keeping(**EVERY_DAY, calling_rules="us-states"), entry)
    assert (anywhere.not_before, anywhere.lapses_at) == (at("03-08 13:00"), at("03-09 02:00"))
    assert (lawful.not_before, lawful.lapses_at) == (at("03-10 13:00"), at("03-10 22:00"))


def test_calling_hours_hold_nobody_up_who_is_in_another_country() -> None:
    entry = lead("03-06 16:00", NEW_YORK, "CA-ON")
    rules = keeping(**EVERY_DAY, calling_rules="us-states")
    assert third(rules, entry).not_before == at("03-08 13:00")


def test_calling_hours_leave_email_alone() -> None:
    entry = lead("03-08 16:00", NEW_YORK, "US-RI", call="denied")
    history, _ = _entered(keeping(**EVERY_DAY, calling_rules="us-states"), entry)
    planned = history.when(touched("03-08 16:01", plan(entry, 2), channel="email")).planned
    assert (planned.step, planned.channel) == (4, "social")
    assert planned.not_before == at("03-11 12:00")


@pytest.mark.parametrize(
    ("entered", "opens"),
    [
        ("03-04 03:00", "03-04 13:00"),  # Monday 22:00: until eight in the morning
        ("03-04 11:00", "03-04 13:00"),  # Tuesday 06:00
        ("03-04 00:30", "03-04 00:30"),  # Monday 19:30: closed, and not forbidden
        ("03-08 15:00", "03-08 15:00"),  # a Saturday in the morning, likewise
    ],
)
def test_a_first_call_is_made_at_any_hour_that_the_law_leaves(entered: str, opens: str) -> None:
    planned = first(keeping(calling_rules="us-states"), lead(entered, NEW_YORK, "US-FL"))
    assert planned.not_before == at(opens)
    assert planned.due_at - planned.not_before == PLAYBOOK.speed_to_lead


def test_a_first_call_held_up_by_law_may_be_made_until_the_next_working_day_closes() -> None:
    planned = first(keeping(calling_rules="us-states"), lead("03-04 03:00", NEW_YORK, "US-FL"))
    assert planned.lapses_at == at("03-05 22:00")


def test_a_first_call_waits_over_days_without_calls() -> None:
    planned = first(keeping(calling_rules="us-states"), lead("03-08 15:00", NEW_YORK, "US-RI"))
    assert planned.not_before == at("03-10 13:00")  # a Saturday, until Monday at nine


@pytest.mark.parametrize(
    ("region", "told"), [("DE", {}), ("US-FL", {"call": "denied"})], ids=["abroad", "by e-mail"]
)
def test_a_first_touch_under_no_calling_hours_is_made_at_once(
    region: str, told: dict[str, Any]
) -> None:
    entry = lead("03-04 03:00", NEW_YORK, region, **told)
    assert first(keeping(calling_rules="us-states"), entry).not_before == at("03-04 03:00")


@pytest.mark.parametrize(("region", "opens"), [("DE-BY", "05-02 07:00"), (None, "05-01 07:00")])
def test_the_holidays_of_the_lead_are_kept(region: str | None, opens: str) -> None:
    entry = lead("04-29 08:00", "Europe/Berlin", region)  # the third day is the first of May
    assert third(keeping(holidays=["lead"]), entry).not_before == at(opens)


@pytest.mark.parametrize(
    ("keys", "opens"),
    [({}, "03-05 09:00"), ({"infer_zone": True}, "03-05 17:00")],
    ids=["left out", "inferred"],
)
def test_a_region_tells_the_hours_of_a_lead_without_a_zone(
    keys: dict[str, Any], opens: str
) -> None:
    assert third(keeping(**keys), lead("03-03 12:00", None, "US-CA")).not_before == at(opens)


def test_a_touch_not_made_before_lunch_may_be_made_after_it() -> None:
    planned = second(keeping(lunch="12:00-13:00"), lead("03-03 10:00"))
    assert (planned.due_at, planned.lapses_at) == (at("03-03 12:00"), at("03-03 17:00"))


def test_a_first_touch_does_not_lapse_at_lunch() -> None:
    assert first(keeping(lunch="12:00-13:00"), lead("03-03 10:00")).lapses_at == at("03-04 17:00")


CLOSED = [f"2025-03-{day:02}" for day in range(5, 13)]


@pytest.mark.parametrize(
    ("keys", "opens"),
    [
        ({"closed": CLOSED}, ["03-13 09:00", "03-13 09:00"]),
        ({"closed": CLOSED, "closed_days_count": False}, ["03-13 09:00", "03-14 09:00"]),
    ],
    ids=["slid", "not counted"],
)
def test_touches_of_several_days_do_not_meet_after_a_closure(
    keys: dict[str, Any], opens: list[str]
) -> None:
    entries = lead("03-03 10:00"), lead("03-04 10:00")
    assert [third(keeping(**keys), one).not_before for one in entries] == [*map(at, opens)]


def test_who_came_in_a_closure_has_the_second_day_after_it() -> None:
    book = keeping(closed=CLOSED, closed_days_count=False)
    assert third(book, lead("03-07 10:00")).not_before == at("03-14 09:00")


def test_the_days_after_a_closure_lie_as_far_apart_as_before_it() -> None:
    entry = lead("03-03 10:00")
    history, made = _entered(keeping(closed=CLOSED, closed_days_count=False), entry)
    history.hears(touched(_minutes(made, 1), plan(entry, 1)))
    history.hears(touched(_minutes(made, 2), plan(entry, 2)))
    history.hears(touched("03-13 10:00", plan(entry, 3)))
    fifth = history.when(touched("03-14 10:00", plan(entry, 4), channel="social")).planned
    assert fifth.not_before == at("03-17 09:00")  # the seventh day: 03-09, without eight


@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        ({}, False),
        ({"infer_zone": True}, False),
        ({"holidays": ["DE"]}, False),
        ({"holidays": ["lead"]}, True),
        ({"calling_rules": "us-states"}, True),
    ],
)
def test_country_and_region_are_remembered_only_where_rules_look_at_them(
    keys: dict[str, Any], kept: bool
) -> None:
    history = given(published(keeping(**keys)), lead("03-03 15:00", NEW_YORK, "US-FL"))
    state = history.partition.states[LEAD]
    assert isinstance(state, Active)
    assert (state.place is not None) == kept
    assert load(dump(state)) == state
