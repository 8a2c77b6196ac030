"""Every shipped playbook does what its committed timeline says."""

from dataclasses import replace
from pathlib import Path

import pytest

from engagement.calendar.zones import zone
from tests.unit.timelines.golden import EASTER, FILES, FOLDER, path, read, rendered, turns_of

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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_goes_by_the_lead_s_own_clock_and_by_the_law_there(file: Path) -> None:
    calendar = read(file).calendar
    assert (calendar.infer_zone, calendar.calling_rules) == (True, "us-states")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_timeline_lies_across_a_change_of_clocks_and_a_holiday(file: Path) -> None:
    (cadence,) = read(file).cadences
    kept, passed_over = (
        turns_of(read(file), cadence.name, EASTER),
        turns_of(read(file), cadence.name, replace(EASTER, holidays=None)),
    )
    local = [turn.recorded_at.astimezone(zone(EASTER.zone)) for turn in kept]
    assert len({moment.utcoffset() for moment in local}) == 2
    assert [turn.recorded_at for turn in kept] != [turn.recorded_at for turn in passed_over]
