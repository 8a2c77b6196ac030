"""POST /v1/webhooks/shopify: signed webhooks, committed before they are answered.

A message that Shopify gets no 2xx for comes again, byte by byte, and after eight failures Shopify
takes the subscription away. So what a repetition cannot mend, and is safe with us, is a 202.
"""

from collections.abc import Sequence
from typing import Final

import orjson
from fastapi import APIRouter, Request, Response

from services.ingest.admission import Admission, body, dedupe_key
from services.ingest.connectors import shopify
from services.ingest.connectors.shopify import SOURCE
from services.ingest.inbox import Verdict
from services.ingest.openapi import SHOPIFY, TakenWebhook
from services.ingest.refused import WHOLE, Refused
from services.runtime.access.security import matches_any
from services.runtime.doors.described import refused
from services.runtime.doors.problem import Problem
from services.runtime.doors.raw_route import raw_routes

SIGNATURE: Final = "X-Shopify-Hmac-Sha256"
DELIVERY: Final = "X-Shopify-Webhook-Id"
TOPIC: Final = "X-Shopify-Topic"

_CONFLICT: Final = Refused(
    "id-conflict", WHOLE, f"its {DELIVERY} came with another body before", "look at both bodies"
)


def router(admission: Admission, secrets: Sequence[bytes]) -> APIRouter:
    """The route; two of the `secrets` are active while one replaces the other."""
    routes = raw_routes()

    @routes.post(
        "/v1/webhooks/shopify",
        status_code=202,
        response_model=TakenWebhook,
        responses=refused(401, 415),
        openapi_extra=SHOPIFY,
        summary="Receive Shopify's webhooks",
    )
    async def take_webhook(request: Request) -> Response:
        raw = await body(request)
        if not matches_any(secrets, raw, request.headers.get(SIGNATURE)):
            raise _forged()
        await admission.check_open()
        key, topic = dedupe_key(request, DELIVERY), _topic(request)
        try:
            leads = shopify.leads(raw, topic, admission.ids)
        except Refused as why:
            await admission.set_aside(request, SOURCE, raw, why)
            return _answer("set aside", why.reason)
        if not leads:
            return _answer("ignored", "the order names no customer, so there is no lead in it")
        _, verdict = await admission.submit(request, (SOURCE, key), raw, leads)
        if verdict is Verdict.CONFLICT:
            await admission.set_aside(request, SOURCE, raw, _CONFLICT)
            return _answer("set aside", f"{_CONFLICT.code}: {_CONFLICT.rule}")
        return _answer(verdict.value)

    return routes


def _topic(request: Request) -> str:
    """Any other topic is a subscription made by mistake, and its maker should hear of it."""
    topic = request.headers.get(TOPIC, "")
    if topic not in shopify.TOPICS:
        raise Problem(
            422,
            "unknown-topic",
            f"{TOPIC} is none that brings leads",
            f"Subscribe to {' and '.join(shopify.TOPICS)} only. Nothing of this was kept.",
        )
    return topic


def _forged() -> Problem:
    return Problem(
        401,
        "bad-signature",
        "The signature does not fit the body",
        f"{SIGNATURE} must be the base64 of HMAC-SHA256 over the raw body, by a secret that is"
        " active here. Nothing of this request was kept.",
    )


def _answer(status: str, reason: str | None = None) -> Response:
    told = {"status": status} | ({"reason": reason} if reason else {})
    return Response(orjson.dumps(told), 202, media_type="application/json")
