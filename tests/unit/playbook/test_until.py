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
    known = yaml.safe_load(TEXT) | {"entry": [{"cadence": "short"}]}
    with pytest.raises(Wrong) as refused:
        checked(known | {"cadences": [written(until, *steps)]})
    (fault,) = faults_of(refused.value.details, "short.yaml", {(): 1})
    assert (fault.path, fault.rule, fault.fix) == (path, rule, fix)


@pytest.mark.parametrize(
    "until", [{"attempts": 0}, {"days": 367}, {"attempts": "6"}, {"weeks": 1}]
)
def test_numbers_are_numbers_within_reason(until: object) -> None:
    with pytest.raises(ValidationError):
        read(until)
