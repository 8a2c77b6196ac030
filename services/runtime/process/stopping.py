"""How a process is asked to stop, and that it then is gone in time."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from services.runtime.process.exits import Exit

SIGNALS = (signal.SIGTERM, signal.SIGINT)
GONE_SECONDS = 10.0

log = structlog.get_logger()


@contextmanager
def countdown(code: Exit, seconds: float = GONE_SECONDS) -> Iterator[Callable[[], None]]:
    """Gives a function; `seconds` after its call the process ends, unless this block has ended.

    Whatever hangs by then may be cut off: a crash at any moment loses nothing either.
    """
    timer = threading.Timer(seconds, _cut_off, (code, seconds))
    timer.daemon = True

    def begin() -> None:
        if not timer.is_alive():
            timer.start()

    try:
        yield begin
    finally:
        timer.cancel()


def _cut_off(code: Exit, seconds: float) -> None:
    reason = f"something did not end within {seconds:g} seconds and was cut off"
    log.warning("stopped", code=int(code), reason=reason, advice="Nothing is lost by it.")
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
