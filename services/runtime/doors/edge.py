"""The outermost ring of every HTTP door, as plain ASGI, so that it costs microseconds.

It measures, caps bodies while they stream in, adds security headers, and answers for whatever
nobody else caught.
"""

from time import perf_counter

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.runtime.doors.problem import Problem, internal
from services.runtime.process import metrics
from services.runtime.process.logs import explained, where

LIMIT = "touchline.body_limit"
HUNG_UP = 499
"""nginx's status for a client that closed before it had its answer; nobody is sent it."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
"""For answers that do not set their own."""

log = structlog.get_logger()


class Watched:
    """Counts and times each request, and logs the refused, by route template: paths hold ids.

    An exception that reaches it becomes a 500 which tells the caller nothing about it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = perf_counter(), 0

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _hardened(message.get("headers", ()))
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except Exception as error:
            if not status and _is_hang_up(error):
                status = HUNG_UP
                return
            log.error("request failed", route=_route(scope), **_cause(error))
            if status:
                raise  # half an answer is out: only closing the connection says that it is void
            await internal().response()(scope, receive, observed)
        finally:
            _record(_route(scope), status, perf_counter() - begun)


class Capped:
    """Refuses a body once more of it has come than its route takes, however it was announced."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        scope[LIMIT] = self._limit
        seen = 0

        async def capped() -> Message:
            nonlocal seen
            if seen == 0:
                _check(_announced(scope), scope[LIMIT])
            message = await receive()
            seen += len(message.get("body", b""))
            _check(seen, scope[LIMIT])
            return message

        await self._app(scope, capped, send)


def _is_hang_up(error: Exception) -> bool:
    """Where FastAPI reads the body, it makes a 400 of it."""
    return isinstance(error, ClientDisconnect) or isinstance(error.__cause__, ClientDisconnect)


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise Problem(
            413,
            "body-too-large",
            "The body is too large",
            f"This resource takes {limit} bytes at most. Send less at a time.",
            {"Connection": "close"},
        )


def _announced(scope: Scope) -> int:
    lengths = [value for name, value in scope.get("headers", ()) if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def _hardened(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _ in headers}
    return [*headers, *(header for header in HEADERS if header[0] not in present)]


def _route(scope: Scope) -> str:
    path = getattr(scope.get("route"), "path", "unmatched")
    return f"{scope['method'] if scope['method'] in METHODS else 'OTHER'} {path}"


def _cause(error: Exception) -> dict[str, str]:
    return {"error": explained(error), "where": where(error)}


def _record(route: str, status: int, seconds: float) -> None:
    metrics.HTTP_REQUESTS.labels(route, str(status)).inc()
    metrics.HTTP_SECONDS.labels(route).observe(seconds)
    if status >= 400:
        log.info("refused", route=route, status=status, seconds=round(seconds, 6))
