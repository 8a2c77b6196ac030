"""POST /v1/leads: MQLs of a source that holds an API key, one or a list, all or none."""

from collections.abc import Sequence

import orjson
from fastapi import APIRouter, Request, Response

from services.ingest.admission import Admission, body, dedupe_key
from services.ingest.connectors import http
from services.ingest.inbox import Content, Submission, Verdict
from services.ingest.openapi import LEADS, TakenLeads
from services.ingest.refused import Refused
from services.runtime.access.auth import unauthorized
from services.runtime.access.security import ApiKeys, bearer
from services.runtime.doors.described import refused
from services.runtime.doors.problem import Problem
from services.runtime.doors.raw_route import raw_routes

IDEMPOTENCY_KEY = "Idempotency-Key"
REPLAYED = {"Idempotent-Replayed": "true"}


def router(admission: Admission, keys: ApiKeys) -> APIRouter:
    """The route. 202 means that the leads are committed; the cadence takes them up by itself."""
    routes = raw_routes()

    @routes.post(
        "/v1/leads",
        status_code=202,
        response_model=TakenLeads,
        responses=refused(401, 403, 409, 415),
        openapi_extra=LEADS,
        summary="Send in MQLs",
    )
    async def take_leads(request: Request) -> Response:
        source = keys.name_of(bearer(request.headers.get("authorization")))
        if source is None:
            raise unauthorized()
        await admission.check_open()
        key = dedupe_key(request, IDEMPOTENCY_KEY)
        raw = await body(request)
        try:
            leads = http.leads(raw, source, admission.ids)
        except Refused as why:
            await admission.refuse(request, source, raw, why)
        return answer("lead", leads, *await admission.submit(request, (source, key), raw, leads))

    return routes


def answer(
    kind: str, contents: Sequence[Content], submission: Submission, verdict: Verdict
) -> Response:
    """What became of each; `kind` is what one sends here. Raises Problem 409 for a used key.

    A repetition is answered as the first was: the answer follows from the request alone.
    """
    if verdict is Verdict.CONFLICT:
        raise _conflict(kind)
    accepted = [
        {"lead_id": one.lead_id, "fact_id": submission.fact_id(n)}
        for n, one in enumerate(contents)
    ]
    headers = REPLAYED if verdict is Verdict.DUPLICATE else None
    content = orjson.dumps({f"{kind}s": accepted})
    return Response(content, 202, headers, "application/json")


def _conflict(kind: str) -> Problem:
    return Problem(
        409,
        "id-conflict",
        f"This {IDEMPOTENCY_KEY} came with another body before",
        f"The first body counts, and nothing of this one was accepted. Send a new {kind} under a"
        " new key, and repeat an old one byte by byte.",
    )
