"""How patient folds are: with silent processes, with batches, and with what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

GATHER_SECONDS = 0.02
"""Two folds lie between a webhook and the queue."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """When others take over from a silent process, in seconds, and when the fuse blows.

    `gather` is how long a first record of a topic waits for others, in seconds: a transaction
    costs the same for all of them. It is GATHER_SECONDS where it says nothing. A service fetches
    all its topics at once, and so as often as the most hurried one wants.
    """

    session_timeout: float = 12.0
    heartbeat_interval: float = 3.0
    gather: Mapping[str, float] = field(default_factory=dict)
    fuse_window: int = 100
    fuse_most: float = 0.5
