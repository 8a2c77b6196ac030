"""People take a lead out of its cadence: it ends, and what comes after is the ruleset's."""

from schemas.events.decision import CadenceEnded
from schemas.events.plan import TouchWithdrawn
from tests.unit.cadence.facts import (
    LEAD,
    at,
    created,
    enrolment,
    paused,
    plan,
    published,
    removed,
    ruled,
    touched,
)
from tests.unit.cadence.rulesets import AGAIN, ENTRY, FIRST, under
from tests.unit.cadence.spec import given

NOW = at("03-03 11:00")


def test_the_open_touch_is_withdrawn_and_the_exit_says_that_people_did_it() -> None:
    history = under()
    about = {"lead_id": LEAD, "occurred_at": NOW, "recorded_at": NOW}
    history.when(removed("03-03 11:00")).then(
        TouchWithdrawn(
            **about, enrolment_id=enrolment(ENTRY), plan_id=FIRST, reason="cadence-ended"
        ),
        CadenceEnded(
            **about,
            enrolment_id=enrolment(ENTRY),
            reason="closed",
            attempts=0,
            closed_as="removed",
        ),
    )
    history.when(removed("03-03 11:00")).then_nothing()


def test_a_paused_lead_is_taken_out_too_and_nothing_is_withdrawn() -> None:
    history = under()
    history.hears(paused("03-03 10:30"))
    assert history.when(removed("03-03 11:00")).types == ["cadence-ended"]


def test_a_lead_in_no_cadence_is_taken_out_of_none_and_enters_later() -> None:
    history = given(published(ruled()))
    history.when(removed("03-03 09:00")).then_nothing()
    assert history.when(ENTRY).types == ["cadence-entered", "touch-planned"]


def test_it_comes_in_again_by_the_entry_rule_as_after_any_end() -> None:
    history = under()
    history.hears(removed("03-03 11:00"))
    assert history.when(AGAIN).types == ["cadence-entered", "touch-planned"]
    refused = under(re_entry="refuse")
    refused.hears(removed("03-03 11:00"))
    refused.when(AGAIN).then_kept_out("re_entry: refuse")
    kept_out = under(stay_out_after=["removed"])
    kept_out.hears(removed("03-03 11:00"))
    kept_out.when(AGAIN).then_kept_out("stay_out_after: removed")


def test_a_touch_that_was_being_made_still_counts_for_caps_and_changes_nothing_else() -> None:
    history = under(caps={"per_day": 1})
    history.hears(removed("03-03 11:00"))
    history.when(touched("03-03 11:05", FIRST, "QUALIFIED")).then_nothing()
    again = created("03-03 12:00")
    planned = history.when(again).planned
    assert (planned.plan_id, planned.not_before) == (plan(again, 1), at("03-04 09:00"))
