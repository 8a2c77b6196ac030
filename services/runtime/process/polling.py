"""What must happen by itself is looked for: at once while there is more, else in a second."""

import asyncio
from collections.abc import Awaitable, Callable

EVERY_SECONDS = 1.0


async def poll(look: Callable[[], Awaitable[int]], at_once: int) -> None:
    """Look for ever. `look` answers how many it found; with `at_once` there may be more."""
    while True:
        if await look() < at_once:
            await asyncio.sleep(EVERY_SECONDS)
