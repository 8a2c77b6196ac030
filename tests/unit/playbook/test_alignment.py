"""Which step of a cadence is which step of another version of it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.playbook import Step
from engagement.playbook.alignment import aligned, goes_on_at


def steps(touches: Sequence[str]) -> list[Step]:
    """A call for each letter, which is its activity."""
    return [Step(day=1, channel="call", activity=one) for one in touches]


CADENCES = st.text("abcde", max_size=8).map(steps)


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ("abc", "abc", [(0, 0), (1, 1), (2, 2)]),
        ("abc", "axbc", [(0, 0), (None, 1), (1, 2), (2, 3)]),
        ("abc", "ac", [(0, 0), (1, None), (2, 1)]),
        ("abc", "axc", [(0, 0), (1, 1), (2, 2)]),
        ("abc", "", [(0, None), (1, None), (2, None)]),
        ("ab", "xyzb", [(0, 0), (None, 1), (None, 2), (1, 3)]),
    ],
)
def test_what_was_kept_rewritten_added_and_removed(
    old: str, new: str, pairs: list[tuple[int | None, int | None]]
) -> None:
    assert list(aligned(steps(old), steps(new))) == pairs


@given(CADENCES, CADENCES)
def test_every_step_is_there_once_in_order_and_both_ways(old: list[Step], new: list[Step]) -> None:
    pairs = aligned(old, new)
    assert [i for i, _ in pairs if i is not None] == list(range(len(old)))
    assert [j for _, j in pairs if j is not None] == list(range(len(new)))
    assert {(j, i) for i, j in pairs} == set(aligned(new, old))


@given(CADENCES, CADENCES, st.data())
def test_there_and_back_never_leads_before_where_a_lead_was(
    old: list[Step], new: list[Step], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(old)))
    there = goes_on_at(old, new, index)
    taken = data.draw(st.integers(there, len(new)))
    assert goes_on_at(new, old, taken) >= index
    if any(pair == (index, there) for pair in aligned(old, new)):
        assert goes_on_at(new, old, there) == index


@given(CADENCES, CADENCES)
def test_a_later_turn_is_never_led_before_an_earlier_one(old: list[Step], new: list[Step]) -> None:
    led = [goes_on_at(old, new, index) for index in range(len(old) + 1)]
    assert led == sorted(led)
