"""/healthz says that the process lives, /readyz whether it can serve and why not, /metrics all.

What a door can do without is told as `impaired`: a probe that took the door away for it would turn
one outage into two.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.runtime.process.metrics import REGISTRY

Check = Callable[[], Awaitable[str | None]]
"""Gives the reason for not being ready, or None."""
CHECK_SECONDS = 3


def router(checks: Mapping[str, Check], watched: Mapping[str, Check]) -> APIRouter:
    """The three routes; they are no part of the API and stay out of its description.

    A check that fails makes the service unready; what is `watched` is only told.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    async def alive() -> Response:
        return Response(b'{"alive":true}', media_type="application/json")

    @routes.get("/readyz")
    async def ready() -> Response:
        reasons, impaired = await asyncio.gather(_answers(checks), _answers(watched))
        body = {"ready": not reasons, "reasons": reasons, "impaired": impaired}
        return JSONResponse(body, 503 if reasons else 200)

    @routes.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return routes


async def _answers(checks: Mapping[str, Check]) -> Mapping[str, str]:
    answers = await asyncio.gather(*(_answer(check) for check in checks.values()))
    return {name: why for name, why in zip(checks, answers, strict=True) if why}


async def _answer(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS} seconds"
