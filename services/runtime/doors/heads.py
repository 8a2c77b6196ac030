"""Limits for what comes before a request is one or after its answer, and for how many may come.

The server library has none: its parser keeps a head that never ends, for as long as it takes.
"""

import asyncio
from http import HTTPStatus
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit
from typing import Any

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.runtime.doors.edge import Watched
from services.runtime.doors.problem import MEDIA_TYPE, Problem
from services.runtime.process import metrics

HEAD_BYTES = 65_536
"""Once so much has come without the end of a head, it is refused."""
HEAD_SECONDS = 10.0
"""How long a head may take to arrive, or a body that nobody reads; as long as one that is read."""
OWN_FILES = 200
"""What a process needs besides its callers: connections to PostgreSQL and Kafka, files."""
UNKNOWN = "OTHER unmatched"
"""The route of a request whose head nobody has read."""

log = structlog.get_logger()


def most_connections(files: int) -> int:
    """How many callers may be connected to a process that may open so many files.

    At 10,000 connections half-sent heads take 650 MB at most. Where files are so few that nobody
    could call, half of them are for callers.
    """
    if files == RLIM_INFINITY:
        return 10_000
    return min(10_000, max(files - OWN_FILES, files // 2))


MOST_CONNECTIONS = most_connections(getrlimit(RLIMIT_NOFILE)[0])

TOO_LARGE = Problem(
    431,
    "head-too-large",
    "The head of the request is too large",
    f"Its line and headers may have {HEAD_BYTES} bytes. Send less in them.",
)
TOO_SLOW = Problem(
    408,
    "head-too-slow",
    "The head of the request did not arrive in time",
    f"Send the request line and all headers within {HEAD_SECONDS:.0f} seconds.",
)
CROWDED = Watched(
    Problem(
        503,
        "too-many-connections",
        "Too many are connected",
        "Nothing was accepted. Send the request again in 1 second, over fewer connections.",
        {"Retry-After": "1", "Connection": "close"},
    ).response()
)


class LimitedProtocol(HttpToolsProtocol):
    """A connection whose heads end within limits of size and time, or else it is closed.

    One above MOST_CONNECTIONS has its first request answered with 503. A head that comes at once,
    as nearly all do, costs no timer.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._came = 0  # bytes since the last request ended
        self._headed = False
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there, and has said nothing yet."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self.app = CROWDED
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._expect_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse it, and see whether a head is still to end."""
        self._came += len(data)
        super().data_received(data)
        if self._headed or not self._came or self.transport.is_closing():
            return
        if self._came > HEAD_BYTES:
            self._refuse(TOO_LARGE)
        elif self._deadline is None:
            self._expect()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._headed = True
        self._expect_no_more()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """So is the body."""
        self._headed, self._came = False, 0
        self._expect_no_more()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It was answered, perhaps before its body was here."""
        super().on_response_complete()
        if self._headed and self.cycle.response_complete:
            self._expect()

    def _expect(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._late)

    def _expect_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._expect()  # what comes behind a request waits for its answer
        elif self._came and not self._headed:
            self._refuse(TOO_SLOW)
        else:
            self.transport.close()  # it says nothing, or was answered already

    def _refuse(self, why: Problem) -> None:
        status, body = HTTPStatus(why.status_code), why.body()
        head = (
            f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
        metrics.HTTP_REQUESTS.labels(UNKNOWN, str(status.value)).inc()
        log.info("refused", route=UNKNOWN, status=status.value)
