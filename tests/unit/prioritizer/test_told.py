"""What happened to a lead is told in short sentences."""

from typing import Any

import pytest

from services.prioritizer.reading.told import told


@pytest.mark.parametrize(
    ("type_", "fact", "words"),
    [
        ("cadence-ended", {"reason": "replied"}, "the cadence ended: replied"),
        (
            "cadence-ended",
            {"reason": "closed", "exit": "bounced"},
            "the cadence ended: bounced",
        ),
        (
            "cadence-ended",
            {"reason": "closed", "closed_as": "bad-data"},
            "the cadence ended: bad-data",
        ),
        (
            "enrolment-removed",
            {"rep_id": "kim", "why": "duplicate"},
            "kim took the lead out of its cadence: duplicate",
        ),
        (
            "enrolment-removed",
            {"rep_id": None, "why": None},
            "somebody took the lead out of its cadence",
        ),
    ],
)
def test_an_end_is_told_by_its_finest_word(type_: str, fact: dict[str, Any], words: str) -> None:
    assert told(type_, fact) == words
