"""A lead goes over to another version of its playbook, at the touch where it stands."""

from typing import Any

import pytest

from engagement.cadence.state import Active
from engagement.playbook import Playbook
from schemas.events.decision import CadenceMoved
from schemas.events.plan import TouchPlanned, TouchWithdrawn
from tests.unit.cadence.facts import (
    LEAD,
    asked,
    at,
    bounced,
    created,
    lapsed,
    moved,
    opted_out,
    paused,
    plan,
    published,
    resumed,
    touched,
)
from tests.unit.cadence.spec import Given, Then, given
from tests.unit.cadence.versions import version

ENTRY = created("03-03 10:00")  # a Monday
ABCD = version("abcd")
BUSY = {"code": "BUSY", "label": "Busy", "action": "retry-in", "minutes": 45}


def entered(*others: Playbook, made: int = 0) -> Given:
    """A lead in ABCD who was touched so often, a day each, with other versions known."""
    history = given(*(published(one) for one in (*others, ABCD)), ENTRY)
    for number in range(made):
        history.hears(touched(f"03-0{3 + number} 10:03", plan(ENTRY, number + 1)))
    return history


def state(history: Given) -> Active:
    found = history.partition.states[LEAD]
    assert isinstance(found, Active)
    return found


def told(then: Then) -> CadenceMoved:
    fact = then.facts[0]
    assert isinstance(fact, CadenceMoved)
    return fact


def without(playbook: Playbook, code: str) -> Playbook:
    """The same playbook, which does not know this result code."""
    known = playbook.model_dump(mode="json", exclude_none=True)
    known["results"] = [one for one in known["results"] if one["code"] != code]
    return Playbook.model_validate(known)


def test_a_plan_that_the_other_version_would_make_too_stays_as_it_is() -> None:
    longer = version("abcde")
    history = entered(longer, made=1)
    then = history.when(moved("03-03 12:00", ENTRY, longer))
    assert then.types == ["cadence-moved"]
    assert (told(then).plan_id, told(then).step) == (plan(ENTRY, 2), 2)
    assert told(then).playbook_digest == longer.digest
    planned = history.when(touched("03-04 10:00", plan(ENTRY, 2))).planned
    assert (planned.step, planned.steps, planned.activity) == (3, 5, "c")


def test_a_touch_whose_time_changes_is_planned_anew() -> None:
    late = version("abcd", {"b": {"part": "afternoon"}})
    then = entered(late, made=1).when(moved("03-03 12:00", ENTRY, late))
    assert then.types == ["cadence-moved", "touch-planned"]
    assert then.planned.not_before == at("03-04 13:00")
    assert then.planned.plan_id not in {plan(ENTRY, step) for step in (1, 2, 3, 4)}


def test_a_touch_stays_on_its_day_when_that_has_come() -> None:
    late = version("abcd", {"b": {"part": "afternoon"}})
    then = entered(late, made=1).when(moved("03-04 10:00", ENTRY, late))
    assert then.planned.not_before == at("03-04 13:00")


def test_the_touch_is_found_where_it_stands_now() -> None:
    other = version("xabcd")
    then = entered(other, made=1).when(moved("03-03 12:00", ENTRY, other))
    assert (then.planned.step, then.planned.activity) == (3, "b")


def test_where_the_touch_is_gone_the_next_one_comes() -> None:
    shorter = version("acd", {"c": {"day": 3}, "d": {"day": 4}})
    history = entered(shorter, made=1)
    then = history.when(moved("03-03 12:00", ENTRY, shorter))
    assert (then.planned.activity, then.planned.not_before) == ("c", at("03-05 09:00"))


def test_where_nothing_is_left_the_enrolment_ends() -> None:
    first = version("a")
    then = entered(first, made=1).when(moved("03-03 12:00", ENTRY, first))
    assert then.types == ["cadence-moved", "touch-withdrawn", "cadence-ended"]
    withdrawn = then.facts[1]
    assert isinstance(withdrawn, TouchWithdrawn)
    assert withdrawn.plan_id == plan(ENTRY, 2)
    assert then.ended.reason == "exhausted"


def test_the_first_touch_is_still_made_at_once() -> None:
    quicker = version("abcd", speed_to_lead_minutes=2)
    planned = entered(quicker).when(moved("03-03 10:01", ENTRY, quicker)).planned
    assert (planned.not_before, planned.due_at) == (at("03-03 10:01"), at("03-03 10:03"))


def test_there_and_back_leads_to_the_same_touch_under_another_id() -> None:
    late = version("abcd", {"b": {"part": "afternoon"}})
    history = entered(late, made=1)
    there = history.when(moved("03-03 12:00", ENTRY, late)).planned
    back = history.when(moved("03-03 13:00", ENTRY, ABCD)).planned
    assert (back.step, back.not_before) == (2, at("03-04 09:00"))
    assert len({plan(ENTRY, 2), there.plan_id, back.plan_id}) == 3


def test_a_way_over_several_versions_leads_where_the_direct_one_does() -> None:
    shorter, other = version("bcd"), version("acd")
    history = entered(shorter, other, made=1)
    history.hears(moved("03-03 12:00", ENTRY, shorter))
    assert history.when(moved("03-03 13:00", ENTRY, other)).planned.activity == "c"


def test_a_paused_lead_comes_back_to_the_touch_at_which_it_stood() -> None:
    shorter = version("acd")
    history = entered(shorter, made=1)
    history.hears(paused("03-03 11:00"), moved("03-03 12:00", ENTRY, shorter))
    history.hears(moved("03-03 13:00", ENTRY, ABCD))
    assert history.when(resumed("03-03 14:00")).planned.activity == "b"


def test_there_and_back_over_a_version_without_the_touch_does_not_lose_it() -> None:
    shorter = version("acd")
    history = entered(shorter, made=1)
    assert history.when(moved("03-03 12:00", ENTRY, shorter)).planned.activity == "c"
    back = history.when(moved("03-03 13:00", ENTRY, ABCD)).planned
    assert (back.activity, back.not_before) == ("b", at("03-04 09:00"))


def test_a_touch_that_was_under_way_is_not_made_again() -> None:
    late = version("abcd", {"b": {"part": "afternoon"}})
    history = entered(late, made=1)
    history.hears(moved("03-04 10:00", ENTRY, late), moved("03-04 10:01", ENTRY, ABCD))
    planned = history.when(touched("03-04 10:02", plan(ENTRY, 2))).planned
    assert (planned.step, planned.attempts) == (3, 2)
    history.when(touched("03-04 10:02", plan(ENTRY, 2))).then_nothing()


def test_a_lapse_of_the_replaced_plan_changes_nothing() -> None:
    late = version("abcd", {"b": {"part": "afternoon"}})
    history = entered(late, made=1)
    history.hears(moved("03-04 10:00", ENTRY, late))
    history.when(lapsed("03-04 17:00", plan(ENTRY, 2))).then_nothing()


def test_a_replaced_plan_is_forgotten_with_the_touch_in_its_place() -> None:
    late = version("abcd", {"b": {"part": "afternoon"}})
    history = entered(late, made=1)
    planned = history.when(moved("03-04 10:00", ENTRY, late)).planned
    history.hears(touched("03-04 13:00", planned.plan_id))
    history.when(touched("03-04 13:01", plan(ENTRY, 2))).then_nothing()


def test_a_move_that_came_before_the_last_one_is_no_news() -> None:
    late = version("abcd", {"b": {"part": "afternoon"}})
    history = entered(late, made=1)
    there = moved("03-03 12:00", ENTRY, late)
    history.hears(there, moved("03-03 13:00", ENTRY, ABCD))
    history.when(there).then_nothing()


def test_a_move_to_where_the_enrolment_is_changes_nothing() -> None:
    entered(made=1).when(moved("03-03 12:00", ENTRY, ABCD)).then_nothing()


def test_a_move_of_another_enrolment_changes_nothing() -> None:
    other = created("03-01 09:00")
    entered(made=1).when(moved("03-03 12:00", other, ABCD)).then_nothing()


def test_a_lead_in_no_cadence_is_not_moved() -> None:
    history = given(published(ABCD))
    history.when(moved("03-03 12:00", ENTRY, version("abc"))).then_nothing()


def test_a_playbook_that_the_partition_never_saw_is_refused() -> None:
    history = entered(made=1)
    history.when(moved("03-03 12:00", ENTRY, version("abc"))).then_refused("unknown-playbook")


def test_a_cadence_that_the_version_does_not_have_is_refused() -> None:
    other = version("abc")
    history = entered(other, made=1)
    history.when(moved("03-03 12:00", ENTRY, other, "nine")).then_refused("unknown-cadence")


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
