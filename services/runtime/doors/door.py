"""The HTTP server as a part of the service: its signals and its end are the service's."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn
from starlette.types import ASGIApp

from services.runtime.doors.heads import LimitedProtocol
from services.runtime.process.exits import Exit, Stopped

BACKLOG = 2048
REQUESTS_FINISH_SECONDS = 6

log = structlog.get_logger()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say when it is done."""
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the service."""
        yield


class Door:
    """Listens on `host`:`port` (0: any free port, told in the log) from start to drain.

    The address is taken when it is made. Raises Stopped where it cannot be had.
    """

    name = "http"

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._socket = _bound(host, port)
        self._server = _Server(
            uvicorn.Config(
                app,
                http=LimitedProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=BACKLOG,
                timeout_graceful_shutdown=REQUESTS_FINISH_SECONDS,
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    async def start(self) -> None:
        """Return once requests are answered. Raises OSError where it cannot listen."""
        self._task = asyncio.create_task(self._server.serve([self._socket]))
        up = asyncio.create_task(self._server.up.wait())
        await asyncio.wait({up, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not up.done():
            up.cancel()
            await self._task
        log.info("listening", port=self.port)

    async def wait_failed(self) -> None:
        """Return or raise when the server has ended."""
        if self._task:
            await asyncio.shield(self._task)

    async def drain(self) -> None:
        """Accept nothing new and finish the requests under way."""
        self._server.should_exit = True
        await self.wait_failed()


def _bound(host: str, port: int) -> socket.socket:
    """Bound, but not yet listening: until the service runs, callers are refused, not kept."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        reason = (
            f"{host} port {port} cannot be listened on: {error.strerror}."
            " Set TOUCHLINE_HTTP_HOST and TOUCHLINE_HTTP_PORT to an address that is free"
        )
        raise Stopped(Exit.CONFIG, reason) from error
    return bound
