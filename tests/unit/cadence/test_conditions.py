"""Steps that are taken only if: what the lead is, what it did, and when that is asked."""

from typing import Any

import pytest

from engagement.cadence.facts import Cause
from engagement.cadence.state import Active
from engagement.cadence.stored import dump, load
from engagement.playbook import Playbook
from schemas.events.lead import EngagementSeen, LeadCreated, Signal
from schemas.events.plan import ConditionFailed
from tests.unit.cadence.facts import (
    LEAD,
    PLAYBOOK,
    at,
    bounced,
    cause,
    created,
    enrolment,
    lapsed,
    paused,
    plan,
    published,
    replied,
    resumed,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday
MAIL = {"day": 1, "channel": "email", "activity": "E-mail"}
CALL = {"day": 8, "channel": "call", "activity": "Call"}


def book(*steps: dict[str, Any], **rules: Any) -> Playbook:
    known: dict[str, Any] = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"] = [MAIL, *steps]
    known["rulesets"] = [
        {"name": "all", "reply": "continue", "reply_elsewhere": "continue", **rules}
    ]
    return Playbook.model_validate(known)


def asking(**conditions: Any) -> dict[str, Any]:
    """A step on Wednesday, under these conditions."""
    return {"day": 3, "channel": "sms", "activity": "Text", "only_if": conditions}


def seen(when: str, signal: Signal) -> Cause:
    now = at(when)
    fact = EngagementSeen(
        lead_id=LEAD, occurred_at=now, recorded_at=now, channel="email", signal=signal
    )
    return cause(fact)


def after_mail(*steps: dict[str, Any], **rules: Any) -> Given:
    """The first e-mail was sent on Monday."""
    history = given(published(book(*steps, **rules)), ENTRY)
    history.hears(touched("03-03 10:01", plan(ENTRY, 1), channel="email"))
    return history


def failure(when: str, step: int, condition: str) -> ConditionFailed:
    return ConditionFailed(
        lead_id=LEAD,
        occurred_at=at(when),
        recorded_at=at(when),
        enrolment_id=enrolment(ENTRY),
        step=step,
        channel="sms",
        condition=condition,
    )


def test_a_step_whose_condition_may_still_be_met_waits_for_its_turn() -> None:
    history = given(published(book(asking(opened=True), CALL)), ENTRY)
    planned = history.when(touched("03-03 10:01", plan(ENTRY, 1), channel="email")).planned
    assert (planned.step, planned.waits_for) == (2, "opened: true")
    assert planned.not_before == planned.due_at == planned.lapses_at == at("03-05 09:00")


def test_it_is_made_once_its_condition_is_met() -> None:
    history = after_mail(asking(opened=True), CALL)
    planned = history.when(seen("03-04 12:00", "opened")).planned
    assert (planned.step, planned.attempt, planned.waits_for) == (2, 2, None)
    moments = (planned.not_before, planned.due_at, planned.lapses_at)
    assert moments == (at("03-05 09:00"), at("03-05 17:00"), at("03-05 17:00"))
    history.when(seen("03-04 12:00", "opened")).then_nothing()
    history.when(lapsed("03-05 09:00", plan(ENTRY, 2))).then_nothing()
    assert history.when(touched("03-05 10:00", plan(ENTRY, 2, 2))).planned.step == 3


def test_it_is_passed_over_where_it_is_not_met_when_its_turn_comes() -> None:
    history = after_mail(asking(opened=True), CALL)
    then = history.when(lapsed("03-05 09:00", plan(ENTRY, 2)))
    assert then.facts[0] == failure("03-05 09:00", 2, "opened: true")
    assert (then.planned.step, then.planned.not_before) == (3, at("03-10 09:00"))
    history.when(seen("03-05 10:00", "opened")).then_nothing()


def test_the_last_step_waits_too_and_then_the_cadence_ends() -> None:
    then = after_mail(asking(opened=True)).when(lapsed("03-05 09:00", plan(ENTRY, 2)))
    assert then.types == ["condition-failed", "cadence-ended"]
    assert then.ended.reason == "exhausted"


def test_a_step_whose_turn_has_come_must_be_met_now() -> None:
    asked = {**asking(opened=True), "with_previous": True}
    del asked["day"]
    history = given(published(book(asked, CALL)), ENTRY)
    then = history.when(touched("03-03 10:01", plan(ENTRY, 1), channel="email"))
    assert then.types == ["condition-failed", "touch-planned"]
    history = given(published(book(asked, CALL)), ENTRY, seen("03-03 10:01", "opened"))
    assert history.when(touched("03-03 10:02", plan(ENTRY, 1), channel="email")).planned.step == 2


def test_what_was_seen_before_counts() -> None:
    history = given(published(book(asking(opened=True), CALL)), ENTRY)
    history.hears(seen("03-03 10:00", "opened"))
    planned = history.when(touched("03-03 10:01", plan(ENTRY, 1), channel="email")).planned
    assert (planned.step, planned.waits_for, planned.lapses_at) == (2, None, at("03-05 17:00"))


def test_a_step_that_wants_nothing_seen_is_planned_and_replaced_when_it_is() -> None:
    history = after_mail(asking(opened=False), CALL)
    then = history.when(seen("03-05 10:00", "opened"))
    assert then.facts[0] == failure("03-05 10:00", 2, "opened: false")
    assert then.planned.step == 3
    history.when(seen("03-05 10:00", "opened")).then_nothing()


def test_where_nothing_follows_it_the_cadence_ends() -> None:
    then = after_mail(asking(clicked=False)).when(seen("03-05 10:00", "clicked"))
    assert then.types == ["condition-failed", "touch-withdrawn", "cadence-ended"]


def test_all_conditions_of_a_step_have_to_hold() -> None:
    history = after_mail(asking(opened=True, clicked=False), CALL)
    assert history.when(seen("03-04 10:00", "opened")).planned.waits_for is None
    assert history.when(seen("03-04 11:00", "clicked")).planned.step == 3


def test_a_reply_on_a_channel_is_asked_for() -> None:
    history = after_mail(asking(replied="email"), asking(not_replied="call"), CALL)
    history.when(replied("03-04 10:00", "call")).then_nothing()
    assert history.when(replied("03-04 11:00", "email")).planned.step == 2
    then = history.when(touched("03-05 10:00", plan(ENTRY, 2, 2)))
    assert then.types == ["condition-failed", "touch-planned"]
    assert then.facts[0] == failure("03-05 10:00", 3, "not_replied: call")


def test_a_reply_that_pauses_the_cadence_meets_a_condition_all_the_same() -> None:
    history = after_mail(asking(replied="email"), CALL, reply="pause 1 days")
    planned = history.when(replied("03-04 11:00", "email")).planned
    assert (planned.waits_for, planned.not_before) == (None, at("03-05 11:00"))


@pytest.mark.parametrize(
    ("conditions", "step"),
    [
        ({"country": "DE"}, 2),
        ({"country": "FR"}, 3),
        ({"mail": "free", "score_at_least": 40}, 2),
        ({"score_at_least": 41}, 3),
        ({"source": "shopify", "campaign": "spring", "region": "BY"}, 2),
        ({"source": "web"}, 3),
        ({"country": "FR", "opened": False}, 3),
    ],
)
def test_a_step_may_be_for_certain_leads(conditions: dict[str, Any], step: int) -> None:
    fact = ENTRY.data
    assert isinstance(fact, LeadCreated)
    known = {"country": "DE", "region": "BY", "campaign": "spring", "mail": "free", "score": 40}
    entry = cause(fact.model_copy(update={"features": fact.features.model_copy(update=known)}))
    history = given(published(book(asking(**conditions), CALL)), entry)
    then = history.when(touched("03-03 10:01", plan(entry, 1), channel="email"))
    assert then.planned.step == step
    assert then.types[:-1] == ["condition-failed"] * (step - 2)


def test_an_unknown_score_is_not_enough() -> None:
    history = given(published(book(asking(score_at_least=0), CALL)), ENTRY)
    then = history.when(touched("03-03 10:01", plan(ENTRY, 1), channel="email"))
    assert then.types == ["condition-failed", "touch-planned"]


def test_a_paused_touch_still_waits_for_its_condition() -> None:
    history = after_mail(asking(opened=True), CALL)
    history.hears(paused("03-04 10:00"))
    assert history.when(resumed("03-04 11:00")).planned.waits_for == "opened: true"
    history = after_mail(asking(opened=True), CALL)
    planned = history.when(paused("03-04 10:00", "03-06 10:00")).planned
    assert (planned.waits_for, planned.lapses_at) == ("opened: true", at("03-06 10:00"))
    planned = history.when(seen("03-05 10:00", "opened")).planned
    assert (planned.waits_for, planned.not_before) == (None, at("03-06 10:00"))


def test_a_channel_that_closes_takes_the_waiting_step_with_it() -> None:
    then = after_mail(asking(opened=True), CALL).when(bounced("03-04 10:00", "sms"))
    assert then.types == ["touch-skipped", "touch-planned"]
    assert then.planned.step == 3


def test_only_what_is_asked_for_is_remembered() -> None:
    history = after_mail(asking(opened=True), CALL)
    history.hears(seen("03-04 10:00", "clicked"), seen("03-04 11:00", "opened"))
    state = history.partition.states[LEAD]
    assert isinstance(state, Active)
    assert state.seen == ("opened",)
    assert load(dump(state)) == state
    plain = given(published(), ENTRY, seen("03-04 11:00", "opened")).partition.states[LEAD]
    assert isinstance(plain, Active)
    assert plain.seen is None
