"""How leads enter a cadence, and who stays out."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from engagement.cadence.facts import handoff_of
from engagement.playbook import Playbook
from schemas.events.decision import CadenceEntered, EntryRefused
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import (
    LEAD,
    PLAYBOOK,
    accepted,
    at,
    created,
    enrolment,
    event,
    met,
    opted_out,
    plan,
    published,
    rejected,
    replied,
    touched,
)
from tests.unit.cadence.spec import given

FIRST = created("03-03 10:00")
AGAIN = created("03-05 11:00")


def test_a_lead_enters_at_once_and_its_first_touch_is_due_within_five_minutes() -> None:
    now = at("03-03 10:00")
    given(published()).when(FIRST).then(
        CadenceEntered(
            lead_id=LEAD,
            occurred_at=now,
            recorded_at=now,
            enrolment_id=enrolment(FIRST),
            cadence="nine-in-eighteen",
            playbook_digest=PLAYBOOK.digest,
            team="inbound",
            features=Features(source="shopify"),
            sealed="c2VhbGVk",
        ),
        TouchPlanned(
            lead_id=LEAD,
            occurred_at=now,
            recorded_at=now,
            enrolment_id=enrolment(FIRST),
            plan_id=plan(FIRST, 1),
            step=1,
            steps=9,
            attempts=0,
            channel="call",
            activity="Call; leave a voicemail if nobody answers",
            not_before=now,
            due_at=now + timedelta(minutes=5),
            lapses_at=at("03-04 17:00"),
            result_codes=PLAYBOOK.codes,
            allowed_by="speed_to_lead_minutes: 5",
            local_time="2025-03-03T10:00+00:00",
            time_zone="Etc/UTC",
            zone_source="playbook",
        ),
    )


def test_the_first_touch_is_due_at_once_even_at_night() -> None:
    planned = given(published()).when(created("03-08 03:00")).planned
    assert planned.not_before == at("03-08 03:00")
    assert planned.lapses_at == at("03-10 17:00")


def test_decision_ids_follow_from_the_cause() -> None:
    once, twice = (given(published()).when(FIRST).decided for _ in range(2))
    assert once == twice


def test_a_second_lead_created_changes_nothing_while_the_cadence_runs() -> None:
    given(published(), FIRST).when(AGAIN).then_nothing()


def test_a_lead_re_enters_after_an_end() -> None:
    again = given(published(), FIRST, replied("03-04 09:00")).when(AGAIN)
    assert again.types == ["cadence-entered", "touch-planned"]
    assert again.planned.enrolment_id == enrolment(AGAIN) != enrolment(FIRST)
    assert again.planned.attempts == 0


def test_a_repeated_lead_created_does_not_re_enter_after_the_end() -> None:
    given(published(), FIRST, replied("03-04 09:00")).when(FIRST).then_nothing()


def test_a_lead_created_that_is_accepted_again_after_a_restore_enters_nobody_twice() -> None:
    """It has its id, and another moment."""
    later = at("03-09 10:00")
    again = replace(FIRST, data=FIRST.data.model_copy(update={"recorded_at": later}))
    given(published(), FIRST, replied("03-04 09:00")).when(again).then_nothing()


def test_a_lead_that_opted_out_stays_out() -> None:
    given(published(), FIRST, opted_out("03-04 09:00")).when(AGAIN).then_kept_out("opted-out")


def test_a_lead_that_opted_out_before_it_came_in_stays_out() -> None:
    history = given(published(), opted_out("03-02 09:00"))
    history.when(FIRST).then_kept_out("opted-out")
    history.when(FIRST).then_nothing()
    history.when(AGAIN).then_kept_out("opted-out")


def test_a_touch_after_the_end_may_end_in_an_opt_out() -> None:
    stopped = touched("03-04 10:00", plan(FIRST, 1), "STOP")
    history = given(published(), FIRST, met("03-04 09:00"), stopped, stopped)
    history.when(AGAIN).then_kept_out("opted-out")


def test_a_touch_of_a_lead_in_no_cadence_changes_nothing_else() -> None:
    for history in (
        given(published(), touched("03-02 10:00", None)),
        given(touched("03-02 10:00", None, "STOP"), published()),
    ):
        assert history.when(FIRST).types == ["cadence-entered", "touch-planned"]


def test_a_lead_whose_every_channel_is_closed_does_not_enter() -> None:
    closed = [opted_out("03-02 09:00", one) for one in ("call", "email", "social")]
    then = given(published(), *closed).when(FIRST)
    then.then_kept_out("channels-closed")
    (refused,) = then.facts
    assert isinstance(refused, EntryRefused)
    assert (refused.cadence, refused.playbook_digest) == ("nine-in-eighteen", PLAYBOOK.digest)


def test_the_first_touch_is_on_the_first_channel_that_is_open() -> None:
    planned = given(published(), opted_out("03-02 09:00", "call")).when(FIRST).planned
    assert (planned.step, planned.channel, planned.due_at) == (2, "email", at("03-03 10:05"))


def test_a_qualified_lead_is_not_cadenced_again_whatever_the_crm_answered() -> None:
    qualified = touched("03-03 10:03", plan(FIRST, 1), "QUALIFIED")
    handoff = handoff_of(LEAD, enrolment(FIRST))
    for answer in (accepted("03-03 10:04", handoff), rejected("03-03 10:04", handoff)):
        given(published(), FIRST, qualified, answer).when(AGAIN).then_kept_out("qualified")


def test_without_a_playbook_a_lead_cannot_enter() -> None:
    given().when(FIRST).then_refused("no-playbook")


def test_a_lead_stays_on_the_playbook_that_it_entered_with() -> None:
    other = _one_step()
    planned = (
        given(published(), FIRST, published(other))
        .when(touched("03-03 10:03", plan(FIRST, 1)))
        .planned
    )
    assert planned.steps == 9
    assert given(published(), published(other)).when(FIRST).planned.steps == 1


def test_a_playbook_that_is_none_is_refused_and_the_last_one_stays_in_force() -> None:
    fact = published().data.model_copy(update={"content": "{}"})
    history = given(published())
    history.when(event(fact)).then_refused("bad-playbook")
    assert history.when(FIRST).types == ["cadence-entered", "touch-planned"]


def test_a_playbook_under_a_wrong_digest_is_refused() -> None:
    fact = published().data.model_copy(update={"digest": "0" * 64})
    given().when(event(fact)).then_refused("bad-playbook")


def _one_step() -> Playbook:
    known: dict[str, Any] = PLAYBOOK.model_dump(mode="json")
    del known["cadences"][0]["steps"][1:]
    return Playbook.model_validate(known)
