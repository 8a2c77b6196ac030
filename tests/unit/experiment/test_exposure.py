"""Exposure is told once, when the first step comes that is not the same in all arms."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from msgspec import msgpack

from engagement.cadence.facts import Cause
from engagement.cadence.short_names import SHORT
from engagement.cadence.stored import dump, load
from engagement.playbook import Playbook
from schemas.events.experiment import ExperimentAssigned, ExperimentExposed
from tests.unit.cadence.facts import (
    at,
    created,
    enrolment,
    opted_out,
    plan,
    published,
    replied,
    touched,
)
from tests.unit.cadence.spec import Given, Then, given
from tests.unit.experiment.books import book, lead_in, of

LONGER = [{"cadence": "standard", "weight": 50}, {"cadence": "longer", "weight": 50}]


def under(playbook: Playbook, arm: str) -> tuple[Given, Cause]:
    """A lead of this arm, which has just entered."""
    entry = lead_in(arm, playbook, "03-03 10:00")
    return given(published(playbook), entry), entry


def made(history: Given, entry: Cause, step: int, when: str = "03-03 11:00") -> Then:
    """What follows from the touch of this step."""
    (touch,) = of(entry, touched(when, plan(entry, step)))
    return history.when(touch)


@pytest.mark.parametrize("arm", ["standard", "later"])
def test_exposure_is_told_when_the_first_step_comes_that_differs(arm: str) -> None:
    history, entry = under(book(), arm)
    assert made(history, entry, 1).types == ["touch-planned"]
    then = made(history, entry, 2)
    assert then.types == ["experiment-exposed", "touch-planned"]
    assert then.facts[0] == ExperimentExposed(
        lead_id=entry.data.lead_id,
        occurred_at=at("03-03 11:00"),
        recorded_at=at("03-03 11:00"),
        enrolment_id=enrolment(entry),
        experiment="tempo",
        arm=arm,
        step=3,
    )
    assert made(history, entry, 3).types == ["cadence-ended"]


def test_where_a_cadence_is_only_longer_its_end_exposes_the_other_arm() -> None:
    history, entry = under(book(LONGER), "standard")
    made(history, entry, 1)
    made(history, entry, 2)
    assert made(history, entry, 3).types == ["experiment-exposed", "cadence-ended"]
    history, entry = under(book(LONGER), "longer")
    made(history, entry, 1)
    made(history, entry, 2)
    assert made(history, entry, 3).types == ["experiment-exposed", "touch-planned"]


def test_a_step_that_is_passed_over_has_had_its_turn() -> None:
    history, entry = under(book(), "later")
    history.hears(*of(entry, opted_out("03-03 10:01", "call")))
    assert made(history, entry, 2).types == [
        "touch-skipped",
        "experiment-exposed",
        "cadence-ended",
    ]


def test_a_lead_that_leaves_before_was_not_exposed() -> None:
    history, entry = under(book(), "later")
    (reply,) = of(entry, replied("03-03 10:05"))
    assert history.when(reply).types == ["touch-withdrawn", "cadence-ended"]


def test_a_lead_that_comes_in_again_is_exposed_once_in_all() -> None:
    history, entry = under(book(), "later")
    made(history, entry, 1)
    made(history, entry, 2)
    history.hears(*of(entry, replied("03-03 12:00")))
    again = lead_in("later", book(), "03-10 10:00")
    history.hears(again)
    assert made(history, again, 1, "03-10 11:00").types == ["touch-planned"]
    assert made(history, again, 2, "03-11 11:00").types == ["touch-planned"]


def test_a_lead_that_was_not_exposed_at_first_is_exposed_when_it_comes_in_again() -> None:
    history, entry = under(book(), "later")
    history.hears(*of(entry, replied("03-03 12:00")))
    again = lead_in("later", book(), "03-10 10:00")
    history.hears(again)
    made(history, again, 1, "03-10 11:00")
    assert made(history, again, 2, "03-11 11:00").types[0] == "experiment-exposed"


@pytest.mark.parametrize(
    ("arms", "rulesets", "keys"),
    [
        (
            [{"cadence": "standard", "weight": 50}, {"cadence": "same", "weight": 50}],
            [{"name": "lax", "cadences": ["same"], "reply": "continue"}],
            {},
        ),
        ([{"cadence": "standard", "weight": 90}], None, {"holdout": 10}),
        (
            [{"cadence": "standard", "weight": 45}, {"cadence": "later", "weight": 45}],
            None,
            {"holdout": 10},
        ),
    ],
    ids=["other rules", "nothing but a holdout", "a holdout beside two cadences"],
)
def test_what_may_matter_from_the_start_exposes_at_the_first_step(
    arms: list[dict[str, Any]], rulesets: Any, keys: dict[str, Any]
) -> None:
    playbook = book(arms, rulesets, **keys)
    then = given(published(playbook)).when(lead_in("standard", playbook, "03-03 10:00"))
    assert then.types == [
        "experiment-assigned",
        "cadence-entered",
        "experiment-exposed",
        "touch-planned",
    ]


def test_the_state_of_a_lead_in_an_experiment_stays_small() -> None:
    history, entry = under(book(salt="2026-03"), "later")
    state = history.partition.states[entry.data.lead_id]
    assert load(dump(state)) == state
    assert len(dump(state)) < 500


def test_a_playbook_without_experiments_leaves_no_trace_of_them() -> None:
    history = given(published(), created("03-03 10:00"))
    (state,) = history.partition.states.values()
    kept = msgpack.decode(dump(state))
    assert SHORT["cadence"] in kept[SHORT["enrolment"]]
    assert {SHORT["assigned"], SHORT["exposes_at"]}.isdisjoint(kept)


def _book(weight: int) -> Playbook:
    arms = [{"cadence": name, "weight": weight} for name in ("standard", "later")]
    return book(arms, [{"name": "all", "re_entry": "allow"}], holdout=100 - 2 * weight)


EVEN, MOSTLY_HELD = _book(40), _book(5)
ENTRIES = {arm: lead_in(arm, EVEN, "03-03 10:00") for arm in ("standard", "later", "holdout")}
WHAT = st.sampled_from(["touch", "reply", "again", "other weights", "no call"])


@settings(max_examples=80)
@for_all(st.sampled_from(["standard", "later", "holdout"]), st.lists(WHAT, max_size=14))
def test_whatever_happens_a_lead_keeps_its_arm_and_is_exposed_at_most_once(
    arm: str, told: list[str]
) -> None:
    history, entry = given(published(EVEN)), ENTRIES[arm]
    decided = list(history.when(entry).facts)
    for number, what in enumerate(told, 1):
        now = (at("03-03 10:00") + timedelta(hours=7 * number)).strftime("%m-%d %H:%M")
        state = history.partition.states[entry.data.lead_id]
        facts = {
            "touch": of(entry, touched(now, getattr(state, "plan_id", None), name=str(number))),
            "reply": of(entry, replied(now)),
            "again": of(entry, created(now)),
            "other weights": [published(MOSTLY_HELD)],
            "no call": of(entry, opted_out(now, "call")),
        }
        for fact in facts[what]:
            decided += history.when(fact).facts
            history.when(fact).then_nothing()
    assert [one.arm for one in decided if isinstance(one, ExperimentAssigned)] == [arm]
    exposed = [one for one in decided if isinstance(one, ExperimentExposed)]
    assert len(exposed) <= 1
    assert not exposed or (exposed[0].arm, exposed[0].step) == (arm, 1)
