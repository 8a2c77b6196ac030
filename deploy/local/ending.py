"""Ctrl-C, a closed terminal and a polite kill lead to one end: everything is stopped, once."""

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")
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
def undisturbed() -> Iterator[list[int]]:
    """A signal that comes meanwhile takes effect at the end: no process is started by half.

    Yields the list of what has come.
    """
    came: list[int] = []
    before = {request: signal.getsignal(request) for request in _REQUESTS if _is_ours(request)}
    for request in before:
        signal.signal(request, lambda number, _: came.append(number))
    try:
        yield came
    finally:
        for request, handler in before.items():
            signal.signal(request, handler)
    for number in came[:1]:
        signal.raise_signal(number)


def run(main: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`; a signal cancels `main`, once, and raises when that has put all away.

    Raised in the middle of a loop's work, KeyboardInterrupt would leave the loop in pieces.
    """
    with undisturbed() as came:
        try:
            return asyncio.run(_cancelled_by_signals(main, came))
        except asyncio.CancelledError:
            if not came:
                raise
    raise KeyboardInterrupt


async def _cancelled_by_signals(main: Coroutine[Any, Any, T], came: list[int]) -> T:
    task, loop = asyncio.ensure_future(main), asyncio.get_running_loop()

    def cancel(request: int) -> None:
        if not came:
            task.cancel()
        came.append(request)

    if came:  # while the loop was made
        task.cancel()
    for request in filter(_is_ours, _REQUESTS):
        loop.add_signal_handler(request, cancel, request)
    return await task


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
