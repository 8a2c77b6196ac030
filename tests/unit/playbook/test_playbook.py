"""A playbook as a value: the same wherever it is read."""

import hashlib
import json

import pytest
from pydantic import ValidationError

from engagement.playbook import Playbook
from engagement.playbook.reading import from_yaml
from schemas.events.fact import Features
from tests.unit.playbook.seed import TEXT, with_

PLAYBOOK = from_yaml(TEXT, "seed.yaml")

BY_SOURCE = """entry:
  - when: {source: shopify, country: DE}
    cadence: short
  - cadence: nine-in-eighteen
cadences:
  - name: short
    steps: [{day: 1, channel: call, activity: Call}]
"""


def test_the_seed_makes_nine_touches_in_eighteen_days() -> None:
    (cadence,) = PLAYBOOK.cadences
    shape = [(step.day, step.channel) for step in cadence.steps]
    assert shape == [
        (1, "call"),
        (1, "email"),
        (3, "call"),
        (4, "social"),
        (7, "email"),
        (9, "call"),
        (12, "social"),
        (15, "call"),
        (18, "email"),
    ]


def test_the_content_is_canonical_and_says_the_same_playbook() -> None:
    again = Playbook.from_content(PLAYBOOK.content)
    assert again == PLAYBOOK
    assert again.content == PLAYBOOK.content
    assert json.loads(PLAYBOOK.content)["calendar"]["hours"] == "09:00-17:00"


def test_the_digest_is_the_sha256_of_the_content() -> None:
    assert PLAYBOOK.digest == hashlib.sha256(PLAYBOOK.content.encode()).hexdigest()


def test_layout_comments_and_the_order_of_keys_do_not_change_the_digest() -> None:
    reordered = "results" + TEXT.partition("\nresults")[2]
    moved = reordered + TEXT.partition("\nresults")[0].replace("# Nine", "# Eight")
    assert from_yaml(moved, "x").digest == PLAYBOOK.digest


def test_what_is_left_out_is_the_default() -> None:
    bare = with_("  days: [mon, tue, wed, thu, fri]\n", "").replace('  hours: "09:00-17:00"\n', "")
    assert from_yaml(bare, "x").digest == PLAYBOOK.digest


def test_a_changed_playbook_has_another_digest() -> None:
    assert from_yaml(with_("minutes: 5", "minutes: 6"), "x").digest != PLAYBOOK.digest


def test_the_digest_is_pinned() -> None:
    """Leads are on digests: a release that computed another one would lose their playbook."""
    assert PLAYBOOK.digest == "d2895732e8934b14c3db5d77102a05548562c8fdefb125135432722b876119fe"


@pytest.mark.parametrize(
    ("features", "cadence"),
    [
        (Features(source="shopify", country="DE"), "short"),
        (Features(source="shopify", country="FR"), "nine-in-eighteen"),
        (Features(source="shopify"), "nine-in-eighteen"),
    ],
)
def test_a_lead_enters_by_the_first_rule_that_meets(features: Features, cadence: str) -> None:
    text = TEXT.replace("entry:\n  - cadence: nine-in-eighteen\ncadences:\n", BY_SOURCE)
    assert from_yaml(text, "x").entry_for(features).cadence == cadence


def test_days_are_in_the_order_of_the_week() -> None:
    calendar = from_yaml(with_("[mon, tue, wed, thu, fri]", "[sun, mon]"), "x").calendar
    assert calendar.days == ("mon", "sun")
    assert calendar.weekdays == {0, 6}


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"name": "x"}'])
def test_content_that_says_no_playbook_is_refused(content: str) -> None:
    with pytest.raises(ValidationError):
        Playbook.from_content(content)


def test_versions_share_a_calendar_that_did_not_change() -> None:
    """Windows are looked up by it: the very same object is found without comparing its rules."""
    next_version = from_yaml(with_("name: seed-9-in-18", "name: next"), "seed.yaml")
    other = from_yaml(with_("09:00-17:00", "10:00-17:00"), "seed.yaml")

    assert next_version.digest != PLAYBOOK.digest
    assert next_version.calendar is PLAYBOOK.calendar
    assert other.calendar is not PLAYBOOK.calendar
