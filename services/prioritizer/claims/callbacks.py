"""Which calls a rep may promise: those to come, not too far ahead, that the result keeps."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from engagement.playbook import Playbook
from services.prioritizer.claims import refusals

FURTHEST: Final = timedelta(days=365)
"""How far ahead a rep may promise a call: what is later is a slip of the pen."""


def check_time(callback_at: datetime, now: datetime) -> None:
    """Raises Problem 422 for a call that is not to come, or comes too late."""
    latest = now + FURTHEST
    if not now < callback_at <= latest:
        raise refusals.callback_out_of_range(callback_at, now, latest)


def check_kept(code: str, offered: Sequence[str], playbook: Playbook | None) -> None:
    """Raises Problem 422 for a result that keeps no callback; `offered` are those of the touch.

    What a playbook does that the queue has not heard of yet, nobody can tell.
    """
    if playbook and code not in playbook.calling_back:
        keeping = [one for one in offered if one in playbook.calling_back]
        raise refusals.callback_not_kept(code, keeping)
