"""What follows a touch that was made, or was not."""

import pytest

from engagement.cadence.decider import replay
from engagement.cadence.facts import handoff_of
from schemas.events.decision import CadenceEnded, LeadQualified
from schemas.events.fact import Fact
from tests.unit.cadence.facts import (
    LEAD,
    accepted,
    at,
    created,
    enrolment,
    event,
    lapsed,
    plan,
    published,
    replied,
    touched,
)
from tests.unit.cadence.spec import given

ENTRY = created("03-03 10:00")
ENTERED = (published(), ENTRY)


def test_a_touch_plans_the_next_step() -> None:
    planned = given(*ENTERED).when(touched("03-03 10:03", plan(ENTRY, 1))).planned
    assert (planned.step, planned.attempts, planned.channel) == (2, 1, "email")
    assert planned.plan_id == plan(ENTRY, 2)


def test_a_lapse_plans_the_next_step_and_is_no_attempt() -> None:
    planned = given(*ENTERED).when(lapsed("03-04 17:00", plan(ENTRY, 1))).planned
    assert (planned.step, planned.attempts) == (2, 0)


def test_a_repeated_touch_changes_nothing() -> None:
    touch = touched("03-03 10:03", plan(ENTRY, 1))
    given(*ENTERED, touch).when(touch).then_nothing()


def test_a_late_lapse_changes_nothing() -> None:
    history = given(*ENTERED, touched("03-03 10:03", plan(ENTRY, 1)))
    history.when(lapsed("03-04 17:00", plan(ENTRY, 1))).then_nothing()


def test_a_touch_for_a_plan_of_another_lead_changes_nothing() -> None:
    given(*ENTERED).when(touched("03-03 10:03", plan(created("03-01 10:00"), 1))).then_nothing()


def test_an_unplanned_touch_counts_and_does_not_advance() -> None:
    unplanned = touched("03-03 10:01", None)
    history = given(*ENTERED)
    history.when(unplanned).then_nothing()
    history.when(unplanned).then_nothing()
    history.when(touched("03-03 10:02", None)).then_nothing()
    planned = history.when(touched("03-03 10:03", plan(ENTRY, 1))).planned
    assert (planned.step, planned.attempts) == (2, 3)


def test_a_result_code_that_the_playbook_does_not_have_is_refused() -> None:
    history = given(*ENTERED)
    history.when(touched("03-03 10:03", plan(ENTRY, 1), "WHAT")).then_refused(
        "unknown-result-code"
    )
    assert history.when(touched("03-03 10:04", plan(ENTRY, 1))).planned.attempts == 1


def test_a_replay_passes_over_what_was_refused() -> None:
    refused = touched("03-03 10:03", plan(ENTRY, 1), "WHAT")
    decided = [event.data.type for event in replay([*ENTERED, refused])]
    assert decided == ["cadence-entered", "touch-planned"]


def test_a_disposition_that_the_playbook_names_qualifies_and_ends() -> None:
    now = at("03-03 10:03")
    given(*ENTERED).when(touched("03-03 10:03", plan(ENTRY, 1), "QUALIFIED")).then(
        LeadQualified(
            lead_id=LEAD,
            occurred_at=now,
            recorded_at=now,
            enrolment_id=enrolment(ENTRY),
            handoff_id=handoff_of(LEAD, enrolment(ENTRY)),
            result_code="QUALIFIED",
            rep_id="ana",
            attempts=1,
        ),
        CadenceEnded(
            lead_id=LEAD,
            occurred_at=now,
            recorded_at=now,
            enrolment_id=enrolment(ENTRY),
            reason="qualified",
            attempts=1,
        ),
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [("NOTNOW", "closed"), ("MEETING", "meeting-booked"), ("STOP", "opted-out")],
)
def test_a_result_code_ends_the_cadence_as_its_action_says(code: str, reason: str) -> None:
    then = given(*ENTERED).when(touched("03-03 10:03", plan(ENTRY, 1), code))
    assert then.types == ["cadence-ended"]
    assert (then.ended.reason, then.ended.attempts) == (reason, 1)


def test_after_the_last_step_the_cadence_is_exhausted() -> None:
    history = given(*ENTERED)
    for step in range(1, 9):
        history.hears(touched(f"04-0{step} 10:00", plan(ENTRY, step)))
    ended = history.when(lapsed("04-09 10:00", plan(ENTRY, 9))).ended
    assert (ended.reason, ended.attempts) == ("exhausted", 8)


def test_an_answer_to_the_handoff_of_another_enrolment_changes_nothing() -> None:
    qualified = touched("03-03 10:03", plan(ENTRY, 1), "QUALIFIED")
    history = given(*ENTERED, qualified)
    before = dict(history.partition.states)
    history.when(accepted("03-03 10:04", LEAD)).then_nothing()
    assert history.partition.states == before


def test_a_fact_about_no_lead_changes_nothing() -> None:
    now = at("03-03 10:00")
    given(*ENTERED).when(event(Fact(occurred_at=now, recorded_at=now))).then_nothing()


def test_nothing_follows_the_end() -> None:
    history = given(*ENTERED, replied("03-03 11:00"))
    for late in (
        touched("03-03 12:00", plan(ENTRY, 1), "QUALIFIED"),
        touched("03-03 12:00", None, "QUALIFIED"),
        lapsed("03-04 17:00", plan(ENTRY, 1)),
        replied("03-05 10:00"),
    ):
        history.when(late).then_nothing()
