"""How often a credential may call: a token bucket each, in the process, before anything is read.

Whoever asks in a loop is slowed down before the database is; everybody else goes on as before.
"""

import asyncio
from math import ceil

from starlette.types import ASGIApp, Receive, Scope, Send

from services.runtime.doors.problem import Problem

MOST_KNOWN = 10_000
"""Credentials that are remembered: with more, all buckets are full again. A stranger who invents
them gains what any stranger has."""


class Ration:
    """Each credential's bucket: it holds the calls of a second, and is filled as time passes."""

    def __init__(self, a_second: int) -> None:
        self.a_second = a_second
        self._buckets: dict[int, tuple[float, float]] = {}

    def wait(self, credential: int, now: float) -> float:
        """Take a token: 0; where there is none, how many seconds until there is one."""
        left, since = self._buckets.get(credential, (float(self.a_second), now))
        left = min(self.a_second, left + (now - since) * self.a_second)
        if len(self._buckets) >= MOST_KNOWN:
            self._buckets.clear()
        self._buckets[credential] = (left - 1 if left >= 1 else left, now)
        return 0 if left >= 1 else (1 - left) / self.a_second


class Rationed:
    """Lets each `Authorization` through as often as its ration says.

    What goes beyond is a 429 with Retry-After. Requests without the header are not counted: signed
    webhooks, people who unsubscribe, browsers with a session.
    """

    def __init__(self, app: ASGIApp, ration: Ration) -> None:
        self._app = app
        self._ration = ration

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        credential = _credential(scope)
        if credential is not None:
            wait = self._ration.wait(credential, asyncio.get_running_loop().time())
            if wait > 0:
                await too_many_calls(self._ration.a_second, wait).response()(scope, receive, send)
                return
        await self._app(scope, receive, send)


def too_many_calls(a_second: int, wait: float) -> Problem:
    """The credential called more often than it may."""
    return Problem(
        429,
        "too-many-calls",
        "You call too often",
        f"A key or token may call {a_second} times a second. Nothing was done; send it again after"
        " `Retry-After` seconds.",
        {"Retry-After": str(max(1, ceil(wait)))},
    )


def _credential(scope: Scope) -> int | None:
    """A number for the header's bytes, so that no key is kept."""
    for name, value in scope.get("headers", ()):
        if name == b"authorization":
            return hash(value)
    return None
