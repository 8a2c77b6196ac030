"""/healthz says that the process lives, /readyz whether it can serve and why not, /metrics all."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.runtime.metrics import REGISTRY

Check = Callable[[], Awaitable[str | None]]
"""Gives the reason for not being ready, or None."""
CHECK_SECONDS = 3


def router(checks: Mapping[str, Check]) -> APIRouter:
    """The three routes; they are no part of the API and stay out of its description."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    async def alive() -> Response:
        return Response(b'{"alive":true}', media_type="application/json")

    @routes.get("/readyz")
    async def ready() -> Response:
        answers = await asyncio.gather(*(_answer(check) for check in checks.values()))
        reasons = {name: why for name, why in zip(checks, answers, strict=True) if why}
        body = {"ready": not reasons, "reasons": reasons}
        return JSONResponse(body, 503 if reasons else 200)

    @routes.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return routes


async def _answer(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS} seconds"
