"""Why a touch was allowed when it was, and not before: what its plan says of it."""

from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import at, created, paused, plan, published, ruled, touched
from tests.unit.cadence.spec import Given, given
from tests.unit.cadence.test_calendar_keys import keeping, lead

NEW_YORK = "America/New_York"
ENTRY = created("03-03 10:00")  # a Monday
FLORIDA = "calling_rules: US-FL 08:00-20:00"


def second(history: Given) -> TouchPlanned:
    """The plan after the first touch."""
    return history.when(touched("03-03 10:03", plan(ENTRY, 1))).planned


def test_a_first_touch_is_allowed_at_any_hour_by_the_lead_having_come_in() -> None:
    first = given(published()).when(created("03-04 00:55", NEW_YORK)).planned
    assert (first.allowed_by, first.denied_by) == ("speed_to_lead_minutes: 5", None)
    assert (first.local_time, first.time_zone) == ("2025-03-03T19:55-05:00", NEW_YORK)
    assert first.zone_source == "given"


def test_a_first_call_names_the_law_that_held_it_back() -> None:
    playbook = keeping(calling_rules="us-states", infer_zone=True)
    first = given(published(playbook)).when(lead("03-04 02:00", region="US-FL")).planned
    assert (first.local_time, first.zone_source) == ("2025-03-04T08:00-05:00", "region")
    assert first.allowed_by == f"speed_to_lead_minutes: 5; {FLORIDA}"
    assert first.denied_by == (FLORIDA,)


def test_a_call_of_a_lawful_hour_names_the_law_that_allows_it() -> None:
    playbook = keeping(calling_rules="us-states")
    first = given(published(playbook)).when(lead("03-04 18:00", region="US-FL")).planned
    assert first.allowed_by == f"speed_to_lead_minutes: 5; {FLORIDA}"
    assert first.denied_by is None


def test_a_window_names_its_hours_and_what_closed_the_days_before() -> None:
    entry = created("03-07 16:30")  # a Friday
    history = given(published(keeping(closed=["2025-03-10"])), entry)
    planned = history.when(touched("03-07 16:33", plan(entry, 1))).planned
    assert planned.not_before == at("03-11 09:00")
    assert (planned.allowed_by, planned.zone_source) == ("hours: 09:00-17:00", "playbook")
    assert planned.denied_by == (
        "hours: 09:00-17:00",
        "days: not on sat",
        "days: not on sun",
        "closed: 2025-03-10",
    )


def test_caps_that_moved_a_touch_are_named() -> None:
    caps = {"gap_minutes": 60, "per_day": 1, "email": {"per_week": 3}}
    planned = second(given(published(ruled(caps=caps)), ENTRY))
    assert (planned.not_before, planned.moved_from) == (at("03-04 09:00"), at("03-03 10:03"))
    assert planned.denied_by == ("caps.gap_minutes: 60", "caps.per_day: 1")


def test_the_cap_of_a_channel_is_named_by_it() -> None:
    history = given(published(ruled(caps={"email": {"per_week": 1}})), ENTRY)
    history.hears(touched("03-03 10:01", None, channel="email"))
    planned = second(history)
    assert planned.not_before == at("03-10 09:00")
    assert planned.denied_by == ("caps.email.per_week: 1",)


def test_a_pause_is_named_before_the_days_that_follow_it() -> None:
    held = given(published(), ENTRY).when(paused("03-03 10:01", "03-08 12:00")).planned
    assert held.denied_by == ("pause", "days: not on sat", "days: not on sun")


def test_a_promise_names_itself() -> None:
    touch = touched("03-03 10:03", plan(ENTRY, 1), "LATER", callback="03-08 20:15")
    promise = given(published(ruled()), ENTRY).when(touch).planned
    assert promise.allowed_by == "callback: at the promised moment"
    assert (promise.denied_by, promise.local_time) == (None, "2025-03-08T20:15+00:00")
