"""Which step of one cadence is the same touch as which step of another version of it."""

from collections.abc import Iterator, Sequence

from engagement.playbook.step import Step

Pair = tuple[int | None, int | None]
"""Indexes into the two cadences; nothing on the side that has no such step."""


def aligned(old: Sequence[Step], new: Sequence[Step]) -> tuple[Pair, ...]:
    """Every step of both, once, in order: what was kept, removed and added.

    The same touch has the same channel, kind and activity; of all ways to find such touches in
    order, one with the most is taken (longest common subsequence). Steps between two of them are
    paired in their order, as rewritten. The other way round gives the same pairs.
    """
    pairs: list[Pair] = []
    before = (-1, -1)
    for i, j in (*_common(tuple(map(_touch, old)), tuple(map(_touch, new))), (len(old), len(new))):
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


def _touch(step: Step) -> tuple[str, str, str]:
    return step.channel, step.kind or "", step.activity


def _between(old: range, new: range) -> Iterator[Pair]:
    rewritten = min(len(old), len(new))
    yield from zip(old[:rewritten], new[:rewritten], strict=True)
    for i in old[rewritten:]:
        yield i, None
    for j in new[rewritten:]:
        yield None, j


def _common(
    old: Sequence[tuple[str, str, str]], new: Sequence[tuple[str, str, str]]
) -> list[tuple[int, int]]:
    """A longest common subsequence, which does not depend on which of the two is called old."""
    longest = _lengths(old, new)
    found: list[tuple[int, int]] = []
    i, j = len(old), len(new)
    while i and j:
        if old[i - 1] == new[j - 1]:
            i, j = i - 1, j - 1
            found.append((i, j))
        elif (longest[i - 1][j], new[j - 1]) > (longest[i][j - 1], old[i - 1]):
            i -= 1
        else:
            j -= 1
    return found[::-1]


def _lengths(old: Sequence[object], new: Sequence[object]) -> list[list[int]]:
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, one in enumerate(old, start=1):
        for j, other in enumerate(new, start=1):
            kept = max(lengths[i - 1][j], lengths[i][j - 1])
            lengths[i][j] = lengths[i - 1][j - 1] + 1 if one == other else kept
    return lengths
