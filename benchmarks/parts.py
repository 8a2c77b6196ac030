"""Rounds of the same work, timed in parts, on a machine whose speed changes from second to second.

A neighbour on a shared machine slows it for longer than a part takes and for less than a whole
benchmark. So each part counts with the best of several rounds, and a round is the sum of its
parts: what the work takes of a core that is left alone.
"""

from collections.abc import Callable

PART = 1_000
"""Plans or facts in a part: some hundredths of a second."""
ROUNDS = 8


def fastest(run: Callable[[], list[float]]) -> float:
    """The seconds of a round, each part as in the round in which it was quickest."""
    best = run()
    for _ in range(ROUNDS - 1):
        best = [min(pair) for pair in zip(best, run(), strict=True)]
    return sum(best)
