"""The order of the queue, as a playbook says it: what is refused, and what stays as it was."""

from typing import Any

import pytest

from engagement.playbook import Playbook
from engagement.playbook.difference import changes
from engagement.playbook.faults import PlaybookError
from engagement.playbook.queue import DEFAULT, PLACES
from engagement.playbook.reading import from_yaml
from schemas.events.decision import CadenceEntered
from tests.unit.cadence.facts import PLAYBOOK, created, published
from tests.unit.cadence.spec import given
from tests.unit.playbook.seed import TEXT

TIERS = """
queue:
  tiers:
    - {name: callback, when: {again: callback}, by: not_before, urgent: true}
    - name: new
      when: {untouched: true}
      first: newest
      by: entered
      windows: [5, 60]
      then: rest
      terms:
        - {name: big, when: {lead: {score_at_least: 70}}, minutes: 20}
        - {name: morning, when: {opens: "09:00-11:00"}, minutes: 10}
    - {name: rest, says: "its turn has come"}
"""


def ordered(**queue: Any) -> Playbook:
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    return Playbook.model_validate({**known, "queue": queue})


def test_a_playbook_says_its_own_order() -> None:
    playbook = from_yaml(TEXT + TIERS, "p.yaml")
    assert list(playbook.order.place) == ["callback", "new", "rest"]
    assert [tier.sentence for tier in playbook.order.tiers] == [
        "who waits longest comes first, counted from when the touch opened",
        "the newest comes first, counted from when the lead came in",
        "its turn has come",
    ]


def test_one_that_says_none_has_the_usual_one_and_keeps_its_digest() -> None:
    playbook = from_yaml(TEXT, "p.yaml")
    assert playbook.order is DEFAULT
    assert "queue" not in playbook.content


def test_a_difference_in_the_order_is_told() -> None:
    old = from_yaml(TEXT + TIERS, "p.yaml")
    new = from_yaml(TEXT + TIERS.replace("[5, 60]", "[10, 60]"), "p.yaml")
    assert [change.part for change in changes(old, new)] == ["queue"]


def test_the_order_goes_with_the_entry_so_that_decisions_alone_give_ranks() -> None:
    own = ordered(tiers=[{"name": "all"}])
    for playbook, told in ((own, own.order.content), (PLAYBOOK, None)):
        entered, _ = given(published(playbook)).when(created("03-03 10:00")).facts
        assert isinstance(entered, CadenceEntered)
        assert entered.queue == told


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("then: rest", "then: nobody", "queue.tiers[1].then: no such tier. Fix: use one"),
        ("then: rest", "then: new", "queue.tiers[1].then: a touch goes on once only. Fix: use"),
        (
            "      windows: [5, 60]\n",
            "",
            "queue.tiers[1].then: goes on after no window. Fix: give",
        ),
        ("[5, 60]", "[60, 5]", "queue.tiers[1].windows: the windows do not rise. Fix: write"),
        ("minutes: 10}", "minutes: 16}", "minutes: the hour of the day weighs too much. Fix: use"),
        ("name: morning", "name: big", "queue.tiers[1].terms: a term is named twice. Fix: rename"),
        ("name: rest,", "name: new,", "queue.tiers: a tier is named twice. Fix: rename"),
        ("{untouched: true}", "{}", "queue.tiers[1].when: no condition. Fix: name one"),
        (
            "name: rest,",
            "name: rest, when: {channel: call},",
            "queue.tiers: one tier, and only one, takes what no other one takes. Fix: leave",
        ),
        ("by: entered", "by: age", "queue.tiers[1].by: not one of the known words. Fix: use one"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_place_rule_and_fix(
    old: str, new: str, fault: str
) -> None:
    assert old in TIERS
    with pytest.raises(PlaybookError) as error:
        from_yaml(TEXT + TIERS.replace(old, new), "p.yaml")
    assert fault in str(error.value)


def test_there_are_as_many_tiers_as_places() -> None:
    last: dict[str, Any] = {"name": "rest"}
    full = [{"name": f"t{n}", "when": {"channel": "sms"}} for n in range(PLACES - 1)]
    assert len(ordered(tiers=[*full, last]).order.tiers) == PLACES
    with pytest.raises(ValueError, match="at most 8"):
        ordered(tiers=[*full, {"name": "one-more", "when": {"channel": "sms"}}, last])
