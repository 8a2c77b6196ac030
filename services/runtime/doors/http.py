"""The one way to an HTTP door: limits, problems, metrics and OpenAPI are the same for all."""

import asyncio
from collections.abc import Sequence
from importlib.metadata import version

from fastapi import APIRouter, FastAPI, Request
from starlette.types import ASGIApp

from services.runtime.doors import problem
from services.runtime.doors.calls import Ration, Rationed
from services.runtime.doors.described import describe
from services.runtime.doors.edge import LIMIT, Capped, Watched
from services.runtime.doors.problem import Problem
from services.runtime.doors.raw_route import Shortcut
from services.runtime.process.settings import CALLS_A_SECOND

BATCH_BYTES = 1_048_576
"""What routes that take many items at once read at most."""
BODY_SECONDS = 10
"""How long a body may take to arrive."""


def api(service: str, routers: Sequence[APIRouter]) -> FastAPI:
    """The routers as one API that describes itself, refusals included; with no limits."""
    app = FastAPI(
        title=f"Touchline {service}",
        version=version("touchline"),
        docs_url=None,  # the page would load scripts from a foreign host
        redoc_url=None,
        redirect_slashes=False,
    )
    for router in routers:
        app.include_router(router)
    problem.install(app, routers)
    describe(app)
    return app


def application(
    service: str,
    routers: Sequence[APIRouter],
    max_body_bytes: int,
    calls_a_second: int = CALLS_A_SECOND,
) -> ASGIApp:
    """An app with these routers. Bodies above `max_body_bytes` are refused with 413, and
    credentials that call more often than `calls_a_second` with 429.
    """
    app, ration = api(service, routers), Ration(calls_a_second)
    app.add_middleware(Capped, limit=max_body_bytes)
    app.add_middleware(Rationed, ration=ration)
    app.add_middleware(Watched)
    return Shortcut(
        app, routers, lambda raw: Watched(Rationed(Capped(raw, max_body_bytes), ration))
    )


async def read_limited(request: Request, limit: int) -> bytes:
    """The raw body, of at most `limit` bytes whatever the app's own limit is.

    Raises Problem 413 as soon as more has come, 408 when it does not arrive in time.
    """
    request.scope[LIMIT] = limit
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.body()
    except TimeoutError:
        raise Problem(
            408,
            "body-too-slow",
            "The body did not arrive in time",
            f"Send the whole body within {BODY_SECONDS} seconds.",
            {"Connection": "close"},
        ) from None
