"""A step taken once more is made by whom it was made at first; a callback is a person's."""

from typing import Any

import pytest

from engagement.playbook import Playbook
from tests.unit.cadence.facts import (
    asked,
    at,
    created,
    paused,
    plan,
    published,
    replied,
    ruled,
    touched,
)
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday
FIRST = plan(ENTRY, 1)
AUTOMATED = {"channel": "email", "kind": "automated", "template": "hello"}


def entered(step: dict[str, Any], **rules: Any) -> Given:
    """The lead at its first step, which is this one."""
    known = ruled(**rules).model_dump(mode="json", exclude_none=True)
    for cadence in known["cadences"]:
        cadence["steps"][0] |= step
    return given(published(Playbook.model_validate(known)), ENTRY)


@pytest.mark.parametrize("code", ["BUSY", "BACK"])
def test_a_retried_automated_step_is_asked_of_tools_again(code: str) -> None:
    again = entered(AUTOMATED).when(touched("03-03 10:03", FIRST, code, channel="email")).planned
    assert (again.step, again.attempt) == (1, 2)
    assert (again.kind, again.template) == ("automated", "hello")


def test_an_automated_step_that_a_cap_moves_stays_one() -> None:
    history = entered(AUTOMATED, caps={"per_day": 1})
    moved = history.when(touched("03-03 10:01", None)).planned
    assert (moved.not_before, moved.kind) == (at("03-04 09:00"), "automated")
    assert moved.template == "hello"


def test_an_automated_step_that_waits_for_the_end_of_a_pause_stays_one() -> None:
    by_people = entered(AUTOMATED).when(paused("03-03 10:01", "03-05 10:00")).planned
    by_a_reply = entered(AUTOMATED, reply="pause 2 days").when(replied("03-03 10:01")).planned
    assert (by_people.attempt, by_people.kind, by_people.template) == (2, "automated", "hello")
    assert (by_a_reply.attempt, by_a_reply.kind, by_a_reply.template) == (2, "automated", "hello")


def test_a_retried_call_is_made_as_it_was() -> None:
    again = entered({"channel": "call", "kind": "ghost"}).when(
        touched("03-03 10:03", FIRST, "BUSY")
    )
    assert (again.planned.kind, again.planned.template) == ("ghost", None)


def test_a_step_that_says_no_kind_is_retried_without_one() -> None:
    again = entered({}).when(touched("03-03 10:03", FIRST, "BUSY")).planned
    assert "kind" not in again.model_dump(exclude_unset=True, exclude_none=True)


def test_a_callback_is_a_persons_whatever_the_step_is() -> None:
    after_touch = entered(AUTOMATED).when(touched("03-03 10:03", FIRST, "LATER", channel="email"))
    after_ask = entered(AUTOMATED).when(asked("03-03 10:03", "03-03 15:00"))
    for promised in (after_touch.planned, after_ask.planned):
        assert (promised.again, promised.channel) == ("callback", "call")
        assert (promised.kind, promised.template) == (None, None)
