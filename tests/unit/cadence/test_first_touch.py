"""The first touch: at any hour, as speed counts, or in hours where the playbook says so."""

from engagement.playbook import Playbook
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import (
    PLAYBOOK,
    at,
    created,
    moved,
    plan,
    published,
    reassigned,
    touched,
)
from tests.unit.cadence.spec import Given, given
from tests.unit.cadence.test_lawful_calls import open_between

SATURDAY = created("03-08 03:00")
MONDAY = created("03-10 10:00")


def in_hours(**changes: object) -> Playbook:
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    return Playbook.model_validate({**known, "first_touch": "in-hours", **changes})


def entering(playbook: Playbook) -> Given:
    return given(published(playbook))


def first(playbook: Playbook) -> TouchPlanned:
    return entering(playbook).when(SATURDAY).planned


def test_at_once_is_the_default_and_keeps_the_digest() -> None:
    assert first(PLAYBOOK).not_before == at("03-08 03:00")
    assert "first_touch" not in PLAYBOOK.content
    assert first(in_hours(first_touch="at-once")).not_before == at("03-08 03:00")


def test_in_hours_it_waits_for_the_first_window_and_is_due_soon_after_it_opens() -> None:
    call = first(in_hours())
    assert (call.not_before, call.due_at) == (at("03-10 09:00"), at("03-10 09:05"))
    assert (call.allowed_by, call.denied_by) == (
        "hours: 09:00-17:00",
        ("days: not on sat", "days: not on sun"),
    )


def test_it_may_be_made_in_the_hours_of_that_day_and_the_next() -> None:
    assert open_between(first(in_hours())) == [
        (at("03-10 09:00"), at("03-10 17:00")),
        (at("03-11 09:00"), at("03-11 17:00")),
    ]


def test_within_hours_it_is_due_at_once() -> None:
    call = entering(in_hours()).when(MONDAY).planned
    assert (call.not_before, call.due_at) == (at("03-10 10:00"), at("03-10 10:05"))


def test_the_hours_of_its_step_hold_for_it() -> None:
    known = in_hours().model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"][0]["hours"] = "11:00-15:00"
    call = entering(Playbook.model_validate(known)).when(MONDAY).planned
    assert call.not_before == at("03-10 11:00")


def test_what_is_made_with_it_comes_in_what_is_left_of_its_window() -> None:
    known = in_hours().model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"][1] = {
        "with_previous": True, "channel": "email", "activity": "E-mail",
    }  # fmt: skip
    history = entering(Playbook.model_validate(known))
    history.hears(MONDAY)
    mail = history.when(touched("03-10 16:50", plan(MONDAY, 1))).planned
    assert (mail.not_before, mail.lapses_at) == (at("03-10 16:50"), at("03-10 17:00"))


def test_moved_there_and_back_it_opens_when_it_was_to_open() -> None:
    other = in_hours(team="others", speed_to_lead_minutes=30)
    history = entering(in_hours())
    history.hears(published(other), published(in_hours()), SATURDAY)
    history.hears(moved("03-08 04:00", SATURDAY, other))
    back = history.when(moved("03-08 05:00", SATURDAY, in_hours())).planned
    assert (back.not_before, back.due_at) == (at("03-10 09:00"), at("03-10 09:05"))


def test_another_rep_has_the_first_touch_at_any_hour_where_the_step_before_it_is_left_out() -> (
    None
):
    history = given(published(), created("03-03 03:35", call="denied"))
    theirs = history.when(reassigned("03-03 03:36", "bo")).planned
    assert (theirs.step, theirs.allowed_by) == (2, "speed_to_lead_minutes: 5")
    assert (theirs.not_before, theirs.lapses_at) == (at("03-03 03:36"), at("03-04 17:00"))
    again = history.when(reassigned("03-03 03:40", "cy")).planned
    assert (again.not_before, again.lapses_at) == (at("03-03 03:40"), at("03-03 17:00"))
