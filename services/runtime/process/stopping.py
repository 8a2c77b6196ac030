"""How a process is asked to stop, and that it then is gone in time."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import structlog

from services.runtime.process.exits import Exit, last_words

SIGNALS = (signal.SIGTERM, signal.SIGINT)
GONE_SECONDS = 10.0

log = structlog.get_logger()


Begin = Callable[[BaseException | None], None]
"""Called when an end begins: asked for, or because of an error."""


@contextmanager
def countdown(seconds: float = GONE_SECONDS) -> Iterator[Begin]:
    """Gives a function; `seconds` after its call the process ends, unless this block has ended.

    Whatever hangs by then may be cut off: a crash at any moment loses nothing either.
    """
    timers: list[threading.Timer] = []

    def begin(error: BaseException | None) -> None:
        if not timers:
            timers.append(threading.Timer(seconds, _cut_off, (error, seconds)))
            timers[0].daemon = True
            timers[0].start()

    try:
        yield begin
    finally:
        for timer in timers:
            timer.cancel()


def _cut_off(error: BaseException | None, seconds: float) -> None:
    if error is not None:
        leave(last_words(error))
    code, reason = Exit.DRAINED, f"something did not end within {seconds:g} seconds"
    advice = "Nothing is lost by it."
    log.warning("stopped", code=int(code), reason=f"{reason} and was cut off", advice=advice)
    leave(code)


def leave(code: Exit) -> NoReturn:
    """End the process now, whatever threads still run in it.

    Python would wait for them, for ever where one is stuck: Faust leaves one behind when its
    start is cancelled half-way.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def signals(asked: Callable[[], None]) -> Iterator[None]:
    """Call `asked` in the running loop at SIGTERM or SIGINT, each time."""
    loop = asyncio.get_running_loop()
    for one in SIGNALS:
        loop.add_signal_handler(one, asked)
    try:
        yield
    finally:
        for one in SIGNALS:
            loop.remove_signal_handler(one)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Whether `work` was done before `stop` was set; else it is cancelled."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        await working
        return True
    working.cancel()
    return False
