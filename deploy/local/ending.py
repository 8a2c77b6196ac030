"""Ctrl-C, a closed terminal and a polite kill lead to one end: everything is stopped, once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_cleanly() -> None:
    """From now on the first of these signals raises KeyboardInterrupt in the main thread.

    Later ones change nothing: `timeout` and make send theirs twice, and what ends already must
    not be torn off. A signal that the starter ignores (nohup) stays ignored.
    """
    for request in _REQUESTS:
        if _is_ours(request):
            signal.signal(request, _end)


@contextmanager
def undisturbed() -> Iterator[None]:
    """A signal that comes meanwhile takes effect at the end: no process is started by half."""
    came: list[int] = []
    before = {request: signal.getsignal(request) for request in _REQUESTS if _is_ours(request)}
    for request in before:
        signal.signal(request, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for request, handler in before.items():
            signal.signal(request, handler)
    for number in came[:1]:
        signal.raise_signal(number)


def _is_ours(request: signal.Signals) -> bool:
    """Signals reach the main thread alone, and not where they are ignored."""
    here = threading.current_thread() is threading.main_thread()
    return here and signal.getsignal(request) is not signal.SIG_IGN


def _end(_number: int, _frame: FrameType | None) -> None:
    for request in _REQUESTS:
        signal.signal(request, _stay)
    raise KeyboardInterrupt


def _stay(_number: int, _frame: FrameType | None) -> None:
    """Unlike SIG_IGN, this is not handed down to a process that is started meanwhile."""
