"""What holds for a lead in another version: promises, pauses, closed channels, its team."""

from typing import Any

import pytest

from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import (
    asked,
    at,
    bounced,
    created,
    moved,
    opted_out,
    paused,
    plan,
    published,
    resumed,
    touched,
)
from tests.unit.cadence.moving import ABCD, ENTRY, entered, state, told, without
from tests.unit.cadence.spec import given
from tests.unit.cadence.versions import version


def test_result_codes_are_those_of_the_version_from_now_on() -> None:
    fewer = without(ABCD, "BUSY")
    history = entered(fewer, made=1)
    planned = history.when(moved("03-03 12:00", ENTRY, fewer)).planned
    assert "BUSY" not in planned.result_codes
    history.when(touched("03-04 10:00", planned.plan_id, "BUSY")).then_refused(
        "unknown-result-code"
    )


def test_a_promise_is_kept_at_its_moment() -> None:
    fewer = without(ABCD, "BUSY")
    history = entered(fewer, made=1)
    history.hears(asked("03-03 12:00", "03-06 20:00"))
    planned = history.when(moved("03-03 13:00", ENTRY, fewer)).planned
    assert (planned.again, planned.not_before) == ("callback", at("03-06 20:00"))
    assert planned.step == 2


def test_an_interval_does_not_begin_anew() -> None:
    after = {"b": {"day": None, "after": {"days": 3}}}
    old, new = (version("ab", after, speed_to_lead_minutes=speed) for speed in (5, 6))
    history = given(published(new), published(old), ENTRY)
    first = history.when(touched("03-03 10:03", plan(ENTRY, 1))).planned
    planned = history.when(moved("03-05 12:00", ENTRY, new)).planned
    assert planned.not_before == first.not_before == at("03-06 09:00")


def test_an_interval_that_changed_counts_from_the_move() -> None:
    old, new = (version("ab", {"b": {"day": None, "after": {"days": days}}}) for days in (3, 4))
    history = given(published(new), published(old), ENTRY, touched("03-03 10:03", plan(ENTRY, 1)))
    planned = history.when(moved("03-05 12:00", ENTRY, new)).planned
    assert planned.not_before == at("03-10 09:00")  # the fourth day is a Sunday


def test_days_lost_before_the_move_are_not_caught_up() -> None:
    late = version("abcd", {"b": {"part": "afternoon"}})
    history = entered(late, made=1)
    history.hears(paused("03-03 12:00", "03-07 00:00"))
    back = history.when(moved("03-07 08:00", ENTRY, late)).planned
    assert back.not_before == at("03-07 13:00")
    assert history.when(touched("03-07 14:00", back.plan_id)).planned.not_before == at(
        "03-10 09:00"
    )


def test_a_paused_lead_goes_over_and_waits_for_people_still() -> None:
    other = version("xabcd")
    history = entered(other, made=1)
    history.hears(paused("03-03 12:00"))
    assert history.when(moved("03-03 13:00", ENTRY, other)).types == ["cadence-moved"]
    planned = history.when(resumed("03-05 12:00")).planned
    assert (planned.step, planned.activity) == (3, "b")


def test_a_paused_lead_for_whom_nothing_is_left_ends() -> None:
    first = version("a")
    history = entered(first, made=1)
    history.hears(paused("03-03 12:00"))
    then = history.when(moved("03-03 13:00", ENTRY, first))
    assert then.types == ["cadence-moved", "cadence-ended"]


def test_a_channel_that_the_version_must_not_use_is_passed_over() -> None:
    asking = version(
        "abcd", {"c": {"channel": "email"}}, rulesets=[{"name": "x", "require_consent": ["call"]}]
    )
    then = entered(asking, made=1).when(moved("03-03 12:00", ENTRY, asking))
    assert then.types == ["cadence-moved", "touch-skipped", "touch-planned"]
    assert then.planned.channel == "email"


def test_what_bounced_and_who_opted_out_stays_known() -> None:
    written = version("abcd", {"b": {"channel": "sms"}, "c": {"channel": "email"}})
    history = entered(written, made=1)
    history.hears(bounced("03-03 11:00", "sms"), opted_out("03-03 11:00", "email"))
    then = history.when(moved("03-03 12:00", ENTRY, written, call="granted"))
    assert then.types == ["cadence-moved", "touch-skipped", "touch-skipped", "touch-planned"]
    assert then.planned.activity == "d"


def test_another_team_is_given_a_plan_of_its_own() -> None:
    theirs = version("abcd", team="outbound")
    then = entered(theirs, made=1).when(moved("03-03 12:00", ENTRY, theirs))
    assert told(then).team == "outbound"
    assert then.planned.not_before == at("03-04 09:00")


def test_the_zone_is_what_the_version_makes_of_the_lead() -> None:
    calendar = ABCD.calendar.model_dump(mode="json", exclude_none=True)
    there = version("abcd", calendar=calendar | {"time_zone": "Asia/Tokyo"})
    history = entered(there, made=1)
    planned = history.when(moved("03-03 12:00", ENTRY, there)).planned
    assert state(history).enrolment.time_zone == "Asia/Tokyo"
    assert planned.not_before == at("03-04 00:00")


@pytest.mark.parametrize(
    ("re_entry", "types"),
    [("allow", ["touch-withdrawn", "cadence-ended", "cadence-entered"]), ("refuse", [])],
)
def test_entering_again_goes_by_the_version(re_entry: str, types: list[str]) -> None:
    other = version("abcd", rulesets=[{"name": "x", "re_entry": re_entry}])
    history = given(published(ABCD), ENTRY, published(other))
    history.hears(moved("03-03 12:00", ENTRY, other))
    history.when(created("03-03 11:00")).then_nothing()
    assert history.when(created("03-03 13:00")).types[:3] == types


def test_four_replaced_plans_are_remembered() -> None:
    late = version("abcd", {"b": {"part": "afternoon"}})
    history = entered(late, made=1)
    plans: list[Any] = [plan(ENTRY, 2)]
    for minute in range(5):
        then = history.when(moved(f"03-03 12:0{minute}", ENTRY, ABCD if minute % 2 else late))
        assert isinstance(then.planned, TouchPlanned)
        plans.append(then.planned.plan_id)
    assert state(history).replaced == tuple(plans[1:5])


def test_a_version_that_ends_sooner_ends_the_enrolment_or_its_touch() -> None:
    cadence = ABCD.model_dump(mode="json", exclude_none=True)["cadences"][0]
    once, twice = (
        version("abcd", cadences=[cadence | {"until": {"attempts": n}}]) for n in (1, 2)
    )
    then = entered(once, made=1).when(moved("03-03 12:00", ENTRY, once))
    assert then.types == ["cadence-moved", "touch-withdrawn", "cadence-ended"]
    assert then.ended.threshold == "attempts"
    assert entered(twice, made=1).when(moved("03-03 12:00", ENTRY, twice)).planned.activity == "b"
