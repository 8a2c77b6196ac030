"""What the lead does to end its cadence while a touch is planned."""

import pytest

from engagement.cadence.facts import Cause
from schemas.events.decision import CadenceEnded, EndReason
from schemas.events.plan import TouchSkipped, TouchWithdrawn
from tests.unit.cadence.facts import (
    LEAD,
    PLAYBOOK,
    at,
    created,
    enrolment,
    met,
    opted_out,
    plan,
    published,
    replied,
    touched,
)
from tests.unit.cadence.spec import given

ENTRY = created("03-03 10:00")
ENTERED = (published(), ENTRY)


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (replied("03-03 11:00"), "replied"),
        (met("03-03 11:00"), "meeting-booked"),
        (opted_out("03-03 11:00"), "opted-out"),
    ],
)
def test_the_open_touch_is_withdrawn_and_the_cadence_ends(fact: Cause, reason: EndReason) -> None:
    now = at("03-03 11:00")
    given(*ENTERED).when(fact).then(
        TouchWithdrawn(
            lead_id=LEAD,
            occurred_at=now,
            recorded_at=now,
            enrolment_id=enrolment(ENTRY),
            plan_id=plan(ENTRY, 1),
            reason="cadence-ended",
        ),
        CadenceEnded(
            lead_id=LEAD,
            occurred_at=now,
            recorded_at=now,
            enrolment_id=enrolment(ENTRY),
            reason=reason,
            attempts=0,
        ),
    )


@pytest.mark.parametrize("answers", [None, plan(created("03-01 10:00"), 1)])
def test_an_opt_out_told_to_a_rep_holds_even_if_the_touch_answers_no_open_plan(
    answers: object,
) -> None:
    then = given(*ENTERED).when(touched("03-03 11:00", answers, "STOP"))  # type: ignore[arg-type]
    assert then.types == ["touch-withdrawn", "cadence-ended"]
    assert then.ended.reason == "opted-out"


def test_an_opt_out_of_a_later_channel_skips_its_steps() -> None:
    history = given(*ENTERED)
    history.when(opted_out("03-03 10:01", "email")).then_nothing()
    planned = history.when(touched("03-03 10:03", plan(ENTRY, 1))).planned
    assert (planned.step, planned.channel) == (3, "call")


def test_an_opt_out_of_the_planned_channel_plans_the_next_open_step_instead() -> None:
    then = given(*ENTERED).when(opted_out("03-03 11:00", "call"))
    assert then.types == ["touch-skipped", "touch-planned"]
    (skipped, _) = then.facts
    assert skipped == TouchSkipped(
        lead_id=LEAD,
        occurred_at=at("03-03 11:00"),
        recorded_at=at("03-03 11:00"),
        enrolment_id=enrolment(ENTRY),
        step=1,
        channel="call",
        rule="consent-denied",
        opted_out=True,
        playbook_digest=PLAYBOOK.digest,
        local_time="2025-03-03T11:00+00:00",
        time_zone="Etc/UTC",
    )
    assert (then.planned.step, then.planned.channel) == (2, "email")


def test_a_repeated_opt_out_of_a_channel_changes_nothing() -> None:
    stop = opted_out("03-03 11:00", "call")
    given(*ENTERED, stop).when(stop).then_nothing()


def test_the_opt_out_of_the_last_open_channel_ends_the_cadence() -> None:
    history = given(*ENTERED, opted_out("03-03 11:00", "call"), opted_out("03-03 11:00", "email"))
    then = history.when(opted_out("03-03 11:01", "social"))
    assert then.types == ["touch-skipped"] * 6 + ["touch-withdrawn", "cadence-ended"]
    assert then.ended.reason == "opted-out"


def test_a_cadence_with_no_open_step_left_is_exhausted() -> None:
    history = given(
        *ENTERED, opted_out("03-03 10:01", "email"), opted_out("03-03 10:01", "social")
    )
    for step in (1, 3, 6):
        history.hears(touched("03-20 10:00", plan(ENTRY, step)))
    assert history.when(touched("04-01 10:00", plan(ENTRY, 8))).ended.reason == "exhausted"


def test_facts_about_a_lead_in_no_cadence_change_nothing() -> None:
    for fact in (replied("03-03 11:00"), met("03-03 11:00"), opted_out("03-03 11:00")):
        given(published()).when(fact).then_nothing()
