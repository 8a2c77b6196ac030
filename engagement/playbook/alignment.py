"""Which step of one cadence is the same touch as which step of another version of it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engagement.playbook.step import Step

Pair = tuple[int | None, int | None]
"""Indexes into the two cadences; nothing on the side that has no such step."""

_SAME_DAY, _SAME_TOUCH = 1_000, 1_000_000
"""Cadences have far fewer steps: no number of the lesser likeness outweighs one of the greater."""


class _Turn(NamedTuple):
    """What is compared of a step: the touch itself, its day or interval, and the time of day."""

    touch: tuple[str, str, str]
    day: tuple[int, int, int, bool]
    time: tuple[str, str, str]


def aligned(old: Sequence[Step], new: Sequence[Step]) -> tuple[Pair, ...]:
    """Every step of both, once, in order: what was kept, removed and added.

    The same touch has the same channel, kind and activity; of all ways to find such touches in
    order, one with the most is taken (longest common subsequence). Where touches recur there are
    several: one that leaves most of them on their day is taken, then at their time of day, then
    the one that pairs the first with the first. Steps between two of them are paired in their
    order, as rewritten. The other way round gives the same pairs.
    """
    pairs: list[Pair] = []
    before = (-1, -1)
    for i, j in (*_common(_turns(old), _turns(new)), (len(old), len(new))):
        pairs += _between(range(before[0] + 1, i), range(before[1] + 1, j))
        pairs.append((i, j))
        before = i, j
    return tuple(pairs[:-1])


def goes_on_at(old: Sequence[Step], new: Sequence[Step], index: int) -> int:
    """Where a lead whose turn is at `index` of the old steps is in the new ones.

    At the same touch, or else at the next one that exists; len(new) where none does. A touch that
    lies behind it in one of the two never lies before it in the other.
    """
    later = (j for i, j in aligned(old, new) if i is not None and i >= index and j is not None)
    return next(later, len(new))


def stays(old: Sequence[Step], new: Sequence[Step], index: int) -> bool:
    """Whether the touch at `index` of the old steps is one of the new."""
    return any(i == index and j is not None for i, j in aligned(old, new))


def made_of(old: Sequence[Step], new: Sequence[Step], index: int) -> int:
    """How many of the new steps there are up to the last that was a touch before `index`."""
    before = (j for i, j in aligned(old, new) if i is not None and i < index and j is not None)
    return max(before, default=-1) + 1


def _between(old: range, new: range) -> Iterator[Pair]:
    rewritten = min(len(old), len(new))
    yield from zip(old[:rewritten], new[:rewritten], strict=True)
    for i in old[rewritten:]:
        yield i, None
    for j in new[rewritten:]:
        yield None, j


def _turns(steps: Sequence[Step]) -> list[_Turn]:
    """Each step as it is compared; one that comes with the step before it has the same day."""
    turns: list[_Turn] = []
    for step in steps:
        touch = step.channel, step.kind or "", step.activity
        day = turns[-1].day if step.with_previous else _day(step)
        turns.append(
            _Turn(touch, day, (step.part or "", str(step.at or ""), str(step.hours or "")))
        )
    return turns


def _day(step: Step) -> tuple[int, int, int, bool]:
    wait = step.after
    if wait is None:
        return step.day or 0, 0, 0, False
    return 0, wait.days or 0, wait.clock_minutes, bool(wait.business)


def _common(old: Sequence[_Turn], new: Sequence[_Turn]) -> list[tuple[int, int]]:
    """The most alike common subsequence, whichever of the two is called old.

    Where either may be passed over, the turns themselves say which: equal ones are always paired.
    """
    best = _best(old, new)
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        alike = _likeness(old[i], new[j])
        if alike and best[i][j] == best[i + 1][j + 1] + alike:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif (best[i + 1][j], new[j]) > (best[i][j + 1], old[i]):
            i += 1
        else:
            j += 1
    return found


def _best(old: Sequence[_Turn], new: Sequence[_Turn]) -> list[list[int]]:
    """How alike the rests of the two are from each pair of turns on."""
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, one in reversed(list(enumerate(old))):
        for j, other in reversed(list(enumerate(new))):
            paired = best[i + 1][j + 1] + _likeness(one, other)
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    return best


def _likeness(one: _Turn, other: _Turn) -> int:
    """0 where they are not the same touch."""
    if one.touch != other.touch:
        return 0
    return _SAME_TOUCH + _SAME_DAY * (one.day == other.day) + (one.time == other.time)
