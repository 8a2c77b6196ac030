"""When touches are planned: in windows, sliding, never in a burst, right over clock changes."""

from datetime import datetime
from typing import Any

import pytest

from engagement.cadence.facts import Cause
from engagement.playbook import Playbook
from tests.unit.cadence.facts import PLAYBOOK, at, created, lapsed, plan, published, touched
from tests.unit.cadence.spec import Given, given

NEW_YORK = "America/New_York"


def opens(history: Given, entry: Cause, when: str, step: int) -> datetime:
    """When the plan opens that follows a touch at `when` for this step."""
    return history.when(touched(when, plan(entry, step))).planned.not_before


def test_the_nine_touches_of_a_lead_of_monday_fill_eighteen_days() -> None:
    entry = created("03-03 10:00")
    history = given(published(), entry)
    moments = [at("03-03 10:00")]
    for step in range(1, 9):
        made = moments[-1].strftime("%m-%d %H:%M")
        moments.append(opens(history, entry, made, step))
    assert [moment.strftime("%m-%d %H") for moment in moments] == [
        "03-03 10",
        "03-03 10",
        "03-05 09",
        "03-06 09",
        "03-10 09",  # the seventh day is a Sunday
        "03-11 09",
        "03-14 09",
        "03-17 09",
        "03-20 09",
    ]


def test_a_second_touch_of_the_day_follows_at_once_in_business_hours() -> None:
    entry = created("03-03 10:00")
    planned = given(published(), entry).when(touched("03-03 10:03", plan(entry, 1))).planned
    assert planned.not_before == at("03-03 10:03")
    assert planned.due_at == planned.lapses_at == at("03-03 17:00")


@pytest.mark.parametrize("made", ["03-03 16:01", "03-03 22:00"])
def test_a_second_touch_of_the_day_waits_for_the_morning_when_the_day_is_over(made: str) -> None:
    entry = created("03-03 16:00")
    assert opens(given(published(), entry), entry, made, 1) == at("03-04 09:00")


def test_the_hours_are_those_of_the_lead() -> None:
    entry = created("03-03 15:00", NEW_YORK)
    history = given(published(), entry, touched("03-03 15:03", plan(entry, 1)))
    planned = history.when(touched("03-03 15:05", plan(entry, 2))).planned
    assert (planned.not_before, planned.lapses_at) == (at("03-05 14:00"), at("03-05 22:00"))


def test_a_zone_that_nobody_knows_falls_back_to_the_playbooks() -> None:
    entry = created("03-03 10:00", "../../etc/passwd")
    history = given(published(), entry, touched("03-03 10:03", plan(entry, 1)))
    assert opens(history, entry, "03-03 10:05", 2) == at("03-05 09:00")


def test_days_lost_move_the_rest_and_nothing_catches_up() -> None:
    entry = created("03-03 10:00")
    history = given(published(), entry, touched("03-03 10:03", plan(entry, 1)))
    history.hears(touched("03-03 10:05", plan(entry, 2)))  # opens on the 5th
    assert opens(history, entry, "03-12 10:00", 3) == at("03-13 09:00")
    assert opens(history, entry, "03-13 10:00", 4) == at("03-17 09:00")  # three days on: a Sunday


def test_a_touch_made_early_brings_nothing_forward() -> None:
    entry = created("03-03 10:00")
    history = given(published(), entry, touched("03-03 10:03", plan(entry, 1)))
    history.hears(touched("03-03 10:05", plan(entry, 2)))  # opens on the 5th
    assert opens(history, entry, "03-04 10:00", 3) == at("03-06 09:00")


def test_steps_of_different_days_do_not_meet_after_a_weekend() -> None:
    entry = created("03-08 10:00")  # a Saturday: the third day is a Monday
    history = given(published(), entry, touched("03-08 10:03", plan(entry, 1)))
    assert opens(history, entry, "03-10 09:10", 2) == at("03-11 09:00")
    assert opens(history, entry, "03-11 09:10", 3) == at("03-12 09:00")


def test_a_lapse_in_the_evening_plans_the_next_day() -> None:
    entry = created("03-03 10:00")
    planned = given(published(), entry).when(lapsed("03-04 17:00", plan(entry, 1))).planned
    assert planned.not_before == at("03-05 09:00")


def test_a_steps_own_hours_narrow_the_calendars() -> None:
    entry = created("03-03 10:00")
    history = given(published(_third_step_in("13:00-15:00")), entry)
    history.hears(touched("03-03 10:03", plan(entry, 1)))
    planned = history.when(touched("03-03 10:05", plan(entry, 2))).planned
    assert (planned.not_before, planned.lapses_at) == (at("03-05 13:00"), at("03-05 15:00"))


@pytest.mark.parametrize(
    ("entered", "opening"),
    [
        ("03-05 15:00", "03-07 14:00"),  # before the clocks go forward on 9 March
        ("03-07 15:00", "03-10 13:00"),  # over it
        ("10-30 15:00", "11-03 14:00"),  # over 2 November, when they go back
    ],
)
def test_nine_o_clock_is_nine_o_clock_when_the_clocks_change(entered: str, opening: str) -> None:
    entry = created(entered, NEW_YORK)
    history = given(published(), entry, touched(entered, plan(entry, 1)))
    assert opens(history, entry, entered, 2) == at(opening)


@pytest.mark.parametrize(
    ("hours", "entered", "window"),
    [
        # On 9 March two o'clock is passed over: 02:30 is no time.
        ("02:30-06:00", "03-07", ("03-09 07:30", "03-09 10:00")),
        ("00:00-02:30", "03-07", ("03-09 05:00", "03-09 06:30")),
        # What is left of this one is too short: it waits for the next day.
        ("01:30-03:00", "03-07", ("03-10 05:30", "03-10 07:00")),
        # On 2 November one o'clock comes twice: 01:30 is reached twice.
        ("01:30-06:00", "10-31", ("11-02 06:30", "11-02 11:00")),
        ("00:00-01:30", "10-31", ("11-02 04:00", "11-02 05:30")),
    ],
)
def test_a_window_at_the_hour_of_the_change_stays_inside_its_hours(
    hours: str, entered: str, window: tuple[str, str]
) -> None:
    playbook = _third_step_in(hours, every_day=True)
    now = f"{entered} 17:00"
    entry = created(now, NEW_YORK)
    history = given(published(playbook), entry, touched(now, plan(entry, 1)))
    planned = history.when(touched(now, plan(entry, 2))).planned
    assert (planned.not_before, planned.lapses_at) == tuple(map(at, window))


def _third_step_in(hours: str, every_day: bool = False) -> Playbook:
    known: dict[str, Any] = PLAYBOOK.model_dump(mode="json")
    known["cadences"][0]["steps"][2]["hours"] = hours
    if every_day:
        known["calendar"]["days"] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return Playbook.model_validate(known)
