"""The fuse of quarantine: a service must not drain a topic into it."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from services.runtime.fold.delivery_errors import FuseBlown
from services.runtime.fold.intake import Intake
from services.runtime.fold.quarantine import Refused

WINDOW = 100
"""Records of a topic that are looked back on; as many are kept for each partition."""
MOST = 0.5


def outcomes(intake: Intake) -> bytes:
    """A byte a new record, in the order of the log: 1 for a bad one."""
    if not intake.refused:
        return bytes(len(intake.arrivals))
    bad = {refused.record.offset for refused in intake.refused}
    offsets = sorted(bad | {arrival.record.offset for arrival in intake.arrivals})
    return bytes(offset in bad for offset in offsets)


class Fuse:
    """It blows when more than `most` of a topic's last `window` records are bad.

    What it looks back on is kept with each partition's position, since a process that is started
    again and again would let half a window of bad records by each time.
    """

    def __init__(self, window: int = WINDOW, most: float = MOST) -> None:
        self._recent: dict[str, deque[int]] = {}
        self._window, self._most = window, most

    def remember(self, topic: str, partitions: Iterable[bytes]) -> None:
        """Look back on what was kept of the topic's partitions: on the last ones of each alike."""
        latest = list(_in_turns([kept[::-1] for kept in partitions]))
        recent = reversed(latest[: self._window])
        self._recent[topic] = deque(recent, maxlen=self._window)

    def check(self, topic: str, partitions: Sequence[bytes], refused: Sequence[Refused]) -> None:
        """Count new records, before they are committed: each partition's outcomes, in turns, as
        nobody knows which came first. Raises FuseBlown.
        """
        recent = self._recent.setdefault(topic, deque(maxlen=self._window))
        for outcome in _in_turns(partitions) if refused else b"".join(partitions):
            recent.append(outcome)
            if outcome and (bad := sum(recent)) > self._window * self._most:
                raise FuseBlown(topic, bad, len(recent), refused[-1].code, refused[-1].reason)


def _in_turns(partitions: Iterable[bytes]) -> Iterator[int]:
    """One of each, as long as it has any."""
    turns = zip_longest(*partitions)
    return (outcome for turn in turns for outcome in turn if outcome is not None)
