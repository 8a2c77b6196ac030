"""What is told of a lead anew is kept past its cadence, and told to readers of decisions once."""

from engagement.cadence.facts import Cause
from engagement.playbook import Playbook
from schemas.events.decision import CadenceEntered, EnrolmentUpdated
from tests.unit.cadence.facts import created, moved, opted_out, plan, published, retold, touched
from tests.unit.cadence.spec import given
from tests.unit.cadence.updates import BERLIN, ENTRY, TOKYO, book, on_the_third_day, state


def test_what_was_told_while_no_cadence_ran_completes_what_the_lead_comes_in_with() -> None:
    german = {"when": {"language": "de"}, "team": "dach"}
    told = retold("03-02 12:00", language="de", time_zone=TOKYO, score=3)
    then = _enters(book(routing=[german], teams=[{"name": "dach"}]), told)

    assert then.team == "dach"
    assert then.features.score == 3
    assert then.features.time_zone == BERLIN  # the lead itself says where it is


def _enters(playbook: Playbook, *told: Cause) -> CadenceEntered:
    entered, _ = given(published(playbook), *told).when(ENTRY).facts
    assert isinstance(entered, CadenceEntered)
    return entered


def test_it_is_remembered_past_the_end_of_a_cadence() -> None:
    history = on_the_third_day()
    history.hears(
        retold("03-04 12:00", country="AT"), touched("03-05 09:00", plan(ENTRY, 3), "BADDATA")
    )
    entered, _ = history.when(created("03-20 10:00")).facts

    assert isinstance(entered, CadenceEntered)
    assert entered.features.country == "AT"


def test_a_move_keeps_what_was_told_since_entry() -> None:
    history = on_the_third_day()
    other = book(speed_to_lead_minutes=9)
    history.hears(retold("03-04 12:00", time_zone=TOKYO), published(other))
    history.hears(moved("03-04 13:00", ENTRY, other))

    assert state(history).enrolment.time_zone == TOKYO


def test_readers_of_decisions_are_told_of_a_new_person_alone() -> None:
    history = on_the_third_day()
    then = history.when(retold("03-04 12:00", "bmV3"))

    (told,) = then.facts
    assert isinstance(told, EnrolmentUpdated)
    assert (told.sealed, told.features.told) == ("bmV3", {})


def test_shown_again_it_is_not_told_again() -> None:
    history = on_the_third_day()
    history.hears(retold("03-04 12:00", "bmV3", time_zone=TOKYO))

    history.when(retold("03-04 12:00", "bmV3", time_zone=TOKYO)).then_nothing()


def test_of_a_lead_that_is_over_nothing_is_decided() -> None:
    history = on_the_third_day()
    history.hears(opted_out("03-04 10:00"))

    history.when(retold("03-04 12:00", time_zone=TOKYO)).then_nothing()
