"""At lunch, at night and where the law forbids it a plan is closed, though it has not lapsed."""

from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import asked, published, touched
from tests.unit.cadence.facts import plan as plan_id
from tests.unit.cadence.spec import given
from tests.unit.cadence.test_calendar_keys import keeping, lead, third
from tests.unit.cadence.test_lawful_calls import open_between

NEW_YORK = "America/New_York"
LAWFUL = keeping(calling_rules="us-states")
FRIDAY_NIGHT = lead("03-08 01:55", NEW_YORK, "US-NY")
"""20:55 there: the clocks go forward on Sunday."""


def hours(planned: TouchPlanned) -> list[str]:
    """Its open hours, in UTC."""
    return [f"{opens:%d %H:%M}-{closes:%d %H:%M}" for opens, closes in open_between(planned)]


def test_a_plan_is_closed_at_lunch() -> None:
    entry = lead("03-03 10:00")
    assert third(keeping(), entry).open_hours is None
    assert hours(third(keeping(lunch="12:00-13:00"), entry)) == [
        "05 09:00-05 12:00",
        "05 13:00-05 17:00",
    ]


def test_in_the_afternoon_lunch_is_over() -> None:
    rules = keeping(lunch="12:00-13:00")
    entry = lead("03-03 12:10")
    history = given(published(rules), entry, touched("03-03 12:11", plan_id(entry, 1)))
    planned = history.when(touched("03-03 12:12", plan_id(entry, 2), channel="email")).planned
    history = given(published(rules), entry)
    second = history.when(touched("03-03 12:11", plan_id(entry, 1))).planned
    assert planned.open_hours is not None
    assert second.open_hours is None


def test_the_first_call_is_closed_in_every_night_until_it_lapses() -> None:
    planned = given(published(LAWFUL)).when(FRIDAY_NIGHT).planned
    assert hours(planned) == [
        "08 01:55-08 02:00",
        "08 13:00-09 02:00",
        "09 12:00-10 01:00",
        "10 12:00-10 21:00",
    ]


def test_without_calling_rules_the_first_touch_is_open_as_ever() -> None:
    assert given(published(keeping())).when(FRIDAY_NIGHT).planned.open_hours is None


def test_a_promise_is_kept_at_its_moment_and_later_by_the_law() -> None:
    entry = lead("03-03 15:00", NEW_YORK, "US-NY")
    history = given(published(LAWFUL), entry)
    planned = history.when(asked("03-03 15:10", "03-04 02:30")).planned  # at 21:30 there
    assert hours(planned) == ["04 02:30-04 02:35", "04 13:00-04 22:00"]
    planned = history.when(asked("03-03 15:20", "03-04 01:58")).planned  # two minutes before nine
    assert hours(planned) == ["04 01:58-04 02:03", "04 13:00-04 22:00"]
