"""A lead goes over to another version of its playbook, at the touch where it stands."""

from schemas.events.plan import TouchWithdrawn
from tests.unit.cadence.facts import (
    at,
    created,
    lapsed,
    moved,
    paused,
    plan,
    published,
    resumed,
    touched,
)
from tests.unit.cadence.moving import ABCD, ENTRY, entered, told
from tests.unit.cadence.spec import given
from tests.unit.cadence.versions import version


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
