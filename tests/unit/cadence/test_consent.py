"""A consent takes back what the lead refused before, for the touches to come."""

from typing import Any

import pytest

from engagement.playbook import Playbook
from schemas.events.decision import CadenceEntered
from schemas.events.plan import TouchSkipped
from tests.unit.cadence.facts import (
    PLAYBOOK,
    consented,
    created,
    moved,
    opted_out,
    plan,
    published,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday
E_MAIL, SOCIAL, LATER_MAIL = 2, 4, 5


def entered(*facts: Any, playbook: Playbook = PLAYBOOK, **consent: Any) -> Given:
    return given(published(playbook), created("03-03 10:00", **consent), *facts)


def second(history: Given, **consent: Any) -> int:
    """The number of the step that follows the first call."""
    first = plan(created("03-03 10:00", **consent), 1)
    return history.when(touched("03-03 12:00", first)).planned.step


def test_an_opt_out_that_is_taken_back_skips_no_step_to_come() -> None:
    assert second(entered(opted_out("03-03 10:01", "email"))) == E_MAIL + 1
    opened = entered(opted_out("03-03 10:01", "email"), consented("03-03 11:00", "email"))
    assert second(opened) == E_MAIL


def test_what_was_skipped_meanwhile_stays_skipped() -> None:
    history = entered(opted_out("03-03 10:01", "email"), touched("03-03 10:02", plan(ENTRY, 1)))
    history.when(consented("03-03 11:00", "email")).then_nothing()
    third = history.when(touched("03-05 10:00", plan(ENTRY, 3))).planned
    assert third.step == SOCIAL
    assert history.when(touched("03-06 10:00", plan(ENTRY, SOCIAL))).planned.step == LATER_MAIL


@pytest.mark.parametrize(
    ("said", "lifts"),
    [("03-03 10:00", False), ("03-03 10:01", False), ("03-03 10:02", True)],
)
def test_a_consent_told_late_takes_back_only_what_was_refused_before_it(
    said: str, lifts: bool
) -> None:
    history = entered(opted_out("03-03 10:01", "email"), consented("03-03 11:00", "email", said))
    assert (second(history) == E_MAIL) == lifts


@pytest.mark.parametrize(("said", "lifts"), [("03-03 09:00", False), ("03-03 10:30", True)])
def test_who_opted_out_and_then_came_in_denying_it_has_refused_it_since_then(
    said: str, lifts: bool
) -> None:
    entry = created("03-03 10:00", email="denied")
    history = given(published(), opted_out("03-02 10:00", "email"), entry)
    history.hears(consented("03-03 11:00", "email", said))
    assert (second(history, email="denied") == E_MAIL) == lifts


def test_an_opt_out_holds_whenever_it_was_said() -> None:
    history = entered(consented("03-03 10:30", "email"), opted_out("03-03 11:00", "email"))
    assert second(history) == E_MAIL + 1


@pytest.mark.parametrize("channel", ["email", "all"])
def test_a_list_is_not_taken_back(channel: Any) -> None:
    listed = opted_out("03-03 10:01", "email", listed=True)
    history = entered(opted_out("03-03 10:00", "email"), listed, consented("03-03 11:00", channel))
    assert second(history) == E_MAIL + 1


def test_a_denial_that_the_lead_came_in_with_is_taken_back() -> None:
    denied: dict[str, Any] = {"email": "denied"}
    assert second(entered(**denied), **denied) == E_MAIL + 1
    assert second(entered(consented("03-03 11:00", "email"), **denied), **denied) == E_MAIL
    before = consented("03-03 11:00", "email", "03-03 09:00")
    assert second(entered(before, **denied), **denied) == E_MAIL + 1


def test_a_consent_is_the_one_that_a_ruleset_requires() -> None:
    strict = ruled(require_consent=["email"])
    assert second(entered(playbook=strict)) == E_MAIL + 1
    assert second(entered(consented("03-03 11:00", "email"), playbook=strict)) == E_MAIL
    known = given(published(strict), consented("03-02 10:00", "email"), ENTRY)
    assert second(known) == E_MAIL


def test_a_move_does_not_bring_a_denial_back() -> None:
    other = ruled(re_entry="refuse")
    denied = created("03-03 10:00", email="denied")
    history = given(published(PLAYBOOK), denied, consented("03-03 10:30", "email"))
    history.hears(published(other), moved("03-03 10:40", denied, other))
    assert second(history, email="denied") == E_MAIL


def test_who_came_in_again_and_denies_it_is_not_touched_by_what_was_granted_before() -> None:
    again = created("03-20 10:00", email="denied")
    history = entered(
        consented("03-03 11:00", "email"), touched("03-03 12:00", plan(ENTRY, 1), "NOTNOW")
    )
    history.hears(again)
    skipped, _ = history.when(touched("03-20 10:05", plan(again, 1))).facts
    assert isinstance(skipped, TouchSkipped)
    assert (skipped.channel, skipped.rule) == ("email", "consent-denied")


def test_who_opted_out_of_everything_comes_back_only_when_it_comes_in_again() -> None:
    history = entered(opted_out("03-03 10:01"))
    history.when(created("03-04 10:00")).then_kept_out("opted-out")
    history.when(consented("03-05 10:00", "all")).then_nothing()
    entered_again, _ = history.when(created("03-06 10:00")).facts
    assert isinstance(entered_again, CadenceEntered)


def test_who_then_allows_one_channel_is_touched_on_that_alone() -> None:
    history = entered(opted_out("03-03 10:01"), consented("03-05 10:00", "email"))
    assert history.when(created("03-06 10:00")).planned.channel == "email"


def test_rules_of_re_entry_still_say_whether_it_may() -> None:
    strict = ruled(stay_out_after=["opted-out"])
    history = entered(opted_out("03-03 10:01"), consented("03-05 10:00", "all"), playbook=strict)
    history.when(created("03-06 10:00")).then_kept_out("stay_out_after: opted-out")
