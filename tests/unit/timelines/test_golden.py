"""Every shipped playbook does what its committed timeline says."""

from pathlib import Path

import pytest

from tests.unit.timelines.golden import FILES, FOLDER, path, read, rendered

TOUCHES = {
    "seed-7-in-7": (7, 7),
    "seed-9-in-18": (9, 18),
    "seed-18-in-35": (18, 35),
    "telfer": (8, 15),
    "three-four-two": (7, 9),
    "kixie-cold-21-days": (11, 21),
    "kixie-inbound-10-days": (9, 11),
    "kixie-warm-72-hours": (6, 4),
    "kixie-account-25-days": (10, 25),
    "kixie-re-engagement-18-days": (7, 18),
    "grademyclose-cold-14-days": (9, 14),
    "revenueboost-21-days": (8, 21),
    "leadlock-sms-first-14-days": (7, 15),
    "skipcall-phone-18-days": (9, 18),
    "sbhelpgroup-first-week": (9, 8),
    "salesfrank-14-days": (25, 14),
}
"""Touches and last day, counted from 1; a source that counts from 0 says one day less."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_timeline_is_as_committed(file: Path) -> None:
    assert rendered(read(file)) == path(file).read_text(encoding="utf-8")


def test_every_timeline_belongs_to_a_shipped_playbook() -> None:
    assert {path(file) for file in FILES} == set(FOLDER.glob("*"))


def test_every_published_cadence_has_its_touches_and_days() -> None:
    shapes = {}
    for file in FILES:
        (cadence,) = read(file).cadences
        days = [step.day for step in cadence.steps if step.day is not None]
        shapes[file.stem] = (len(cadence.steps), days[-1])
    assert shapes == TOUCHES
