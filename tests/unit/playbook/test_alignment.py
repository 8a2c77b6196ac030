"""Which step of a cadence is which step of another version of it."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.playbook import Step
from engagement.playbook.alignment import aligned, goes_on_at


def steps(touches: Sequence[str]) -> list[Step]:
    """A call for each letter, which is its activity."""
    return [Step(day=1, channel="call", activity=one) for one in touches]


def calls(days: Sequence[int]) -> list[Step]:
    """Calls on these days, which all read alike."""
    return [Step(day=day, channel="call", activity="Call") for day in days]


DAYS = st.sets(st.integers(1, 12), max_size=8).map(sorted)
CADENCES = st.text("abcde", max_size=8).map(steps) | DAYS.map(calls)


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


@pytest.mark.parametrize(
    ("was", "is_", "pairs"),
    [
        ([1, 3, 5], [1, 3], [(0, 0), (1, 1), (2, None)]),
        ([1, 3, 5], [3, 5], [(0, None), (1, 0), (2, 1)]),
        ([1, 2, 3], [1, 2, 3, 4, 5], [(0, 0), (1, 1), (2, 2), (None, 3), (None, 4)]),
        ([1, 3], [2, 4, 6], [(0, 0), (1, 1), (None, 2)]),
        ([2, 4, 6], [7, 8], [(0, 0), (1, 1), (2, None)]),
    ],
)
def test_touches_that_read_alike_are_known_by_their_days_or_from_the_first(
    was: list[int], is_: list[int], pairs: list[tuple[int | None, int | None]]
) -> None:
    assert list(aligned(calls(was), calls(is_))) == pairs


def test_calls_of_one_day_that_read_alike_are_known_by_their_time() -> None:
    one, other = (
        Step.model_validate({"day": 2, "channel": "call", "activity": "Call", "part": part})
        for part in ("morning", "afternoon")
    )
    assert list(aligned([one, other], [other])) == [(0, None), (1, 0)]


def test_a_call_with_the_touch_before_it_is_known_by_the_day_of_that() -> None:
    def mail_and_call(day: int) -> list[Step]:
        mail = Step(day=day, channel="email", activity=f"Mail {day}")
        return [mail, Step(with_previous=True, channel="call", activity="Call")]

    old = [*mail_and_call(1), *mail_and_call(3)]
    assert list(aligned(old, old[2:])) == [(0, None), (1, None), (2, 0), (3, 1)]
    rewritten = [Step(day=3, channel="email", activity="Other mail"), old[3]]
    assert (3, 1) in aligned(old, rewritten)


@pytest.mark.parametrize(
    ("was", "is_"), [({"hours": 3}, {"hours": 2}), ({"days": 2}, {"days": 2, "business": True})]
)
def test_touches_after_an_interval_are_known_by_it(
    was: dict[str, Any], is_: dict[str, Any]
) -> None:
    one, other = (
        Step.model_validate({"after": after, "channel": "call", "activity": "Call"})
        for after in (was, is_)
    )
    assert list(aligned([one, other], [other])) == [(0, None), (1, 0)]


@given(DAYS, st.data())
def test_a_step_stays_the_one_of_its_day_whatever_else_is_removed(
    days: list[int], data: st.DataObject
) -> None:
    left = [day for day in days if data.draw(st.booleans())]
    pairs = [(days[i], left[j]) for i, j in _both(aligned(calls(days), calls(left)))]
    assert pairs == [(day, day) for day in left]


def _both(pairs: Sequence[tuple[int | None, int | None]]) -> list[tuple[int, int]]:
    return [(i, j) for i, j in pairs if i is not None and j is not None]


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
