"""What `until` may say, and what is refused."""

from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from engagement.playbook.cadence import Cadence
from engagement.playbook.checking import Wrong, checked
from engagement.playbook.faults import faults_of
from tests.unit.playbook.seed import TEXT

CALL = {"channel": "call", "activity": "Call"}
BLOCK = {"repeat": {"times": 4, "gap_days": 5}, "steps": [{"day": 1, **CALL}]}


def written(until: object, *steps: dict[str, Any]) -> dict[str, Any]:
    return {"name": "short", "until": until, "steps": [*steps] or [{"day": 1, **CALL}]}


def read(until: object, *steps: dict[str, Any]) -> Cadence:
    return Cadence.model_validate(written(until, *steps))


@pytest.mark.parametrize(
    "until", [{"attempts": 6}, {"days": 10}, {"attempts": 1_000, "days": 366}]
)
def test_either_threshold_or_both(until: dict[str, int]) -> None:
    assert read(until).model_dump(exclude_none=True)["until"] == until


def test_a_cadence_without_it_is_written_as_ever() -> None:
    assert "until" not in read(None).model_dump(exclude_none=True)


def test_a_block_may_come_again_after_the_last_day() -> None:
    assert len(read({"days": 8}, BLOCK).steps) == 4


DAILY = {
    "repeat": {"times": 10, "gap_days": 0, "until": {"attempts": 6, "days": 7}},
    "steps": [{"day": 1, **CALL}],
}
LATER = {**DAILY, "steps": [{"day": 4, **CALL}]}


def test_what_follows_a_block_comes_when_its_days_are_over() -> None:
    checked_with({"name": "short", "steps": [DAILY, {"day": 8, **CALL}]})
    checked_with(written({"days": 8}, DAILY, {"after": {"days": 1}, **CALL}))
    checked_with({"name": "short", "steps": [{"day": 3, **CALL}, LATER, {"day": 11, **CALL}]})


@pytest.mark.parametrize(("block", "last"), [(DAILY, 7), (LATER, 10)], ids=["first", "later"])
def test_it_never_comes_before_they_are(block: dict[str, Any], last: int) -> None:
    with pytest.raises(Wrong) as refused:
        checked_with({"name": "short", "steps": [block, {"day": last - 1, **CALL}]})
    (fault,) = faults_of(refused.value.details, "short.yaml", {(): 1})
    assert (fault.path, fault.rule) == (
        "cadences[0].steps[1].day",
        f"day {last - 1} comes after day {last}",
    )


def checked_with(cadence: dict[str, Any]) -> None:
    checked(yaml.safe_load(TEXT) | {"entry": [{"cadence": "short"}], "cadences": [cadence]})


@pytest.mark.parametrize(
    ("until", "steps", "path", "rule", "fix"),
    [
        ({}, (), "cadences[0].until", "no threshold", "give attempts, days, or both"),
        (
            {"days": 4},
            ({"day": 1, **CALL}, {"day": 5, **CALL}),
            "cadences[0].steps[1]",
            "day 5 comes after the 4 days of `until`",
            "raise `until.days`, or take the step earlier",
        ),
        (
            {"days": 1},
            ({"day": 1, **CALL}, {"after": {"days": 1}, **CALL}),
            "cadences[0].steps[1]",
            "day 2 comes after the 1 days of `until`",
            "raise `until.days`, or take the step earlier",
        ),
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused(
    until: object, steps: tuple[dict[str, Any], ...], path: str, rule: str, fix: str
) -> None:
    with pytest.raises(Wrong) as refused:
        checked_with(written(until, *steps))
    (fault,) = faults_of(refused.value.details, "short.yaml", {(): 1})
    assert (fault.path, fault.rule, fault.fix) == (path, rule, fix)


@pytest.mark.parametrize(
    "until", [{"attempts": 0}, {"days": 367}, {"attempts": "6"}, {"weeks": 1}]
)
def test_numbers_are_numbers_within_reason(until: object) -> None:
    with pytest.raises(ValidationError):
        read(until)
