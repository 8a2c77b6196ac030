"""docs/rulesets.md lists each state of an enrolment and each way to its end, and no other."""

import re
from typing import get_args

import pytest

from engagement.cadence.state import INITIAL
from engagement.cadence.status import STATES, EnrolmentState, enrolment_state
from engagement.playbook import Playbook
from schemas.envelope import Event
from schemas.events.decision import ClosedAs, EndReason, ExitReason, Threshold
from schemas.events.fact import Fact
from tests.unit.cadence.facts import (
    LEAD,
    PLAYBOOK,
    created,
    opted_out,
    paused,
    plan,
    published,
    ruled,
    touched,
)
from tests.unit.cadence.spec import given
from tests.unit.docs.pages import ROOT

PAGE = (ROOT / "docs" / "rulesets.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_the_page_lists_the_states_with_their_sentences() -> None:
    rows = re.findall(r"^\| `(.+)` \| (.+) \|$", section("States of an enrolment"), re.MULTILINE)
    assert dict(rows) == STATES
    assert tuple(STATES) == get_args(EnrolmentState)


def test_the_page_lists_every_reason_and_every_exit() -> None:
    told = section("Why an enrolment ended")
    rows = re.findall(r"^\| `([a-z-]+)` \| (?:`([a-z-]+)` )?\|", told, re.MULTILINE)
    assert {reason for reason, _ in rows} == {*get_args(EndReason)}
    assert {exit_ or reason for reason, exit_ in rows} == {*get_args(ExitReason)}
    closed = re.findall(r"^\| `closed` \| \| `([a-z-]+)` \|", told, re.MULTILINE)
    assert sorted(closed) == sorted(get_args(ClosedAs))
    assert "`threshold` says which" in told
    assert get_args(Threshold) == ("attempts", "days")


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ((), "active"),
        ((paused("03-03 11:00", "03-10 00:00"),), "active"),
        ((paused("03-03 11:00"),), "paused"),
        ((opted_out("03-03 11:00"),), "ended"),
    ],
)
def test_every_lead_is_in_one_of_them(
    facts: tuple[Event[Fact], ...], state: EnrolmentState
) -> None:
    history = given(published(ruled()), created("03-03 10:00"), *facts)
    assert enrolment_state(history.partition.states[LEAD]) == state


def test_a_lead_whose_touch_waits_for_a_sign_is_waiting() -> None:
    steps = [
        {"day": 1, "channel": "email", "activity": "E-mail"},
        {"day": 3, "channel": "call", "activity": "Call", "only_if": {"opened": True}},
    ]
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"] = steps
    entry = created("03-03 10:00")
    made = touched("03-03 10:01", plan(entry, 1), channel="email")
    history = given(published(Playbook.model_validate(known)), entry, made)
    assert enrolment_state(history.partition.states[LEAD]) == "waiting"


def test_a_lead_who_never_came_in_has_not_entered() -> None:
    assert enrolment_state(INITIAL) == "not-entered"
