"""POST /v1/bounces: reports of mail servers, as a mailbox or a hook passes them on."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from services.runtime.access.auth import caller
from services.runtime.access.security import ApiKeys
from services.runtime.doors.http import read_limited
from services.runtime.doors.once import Answer, Key, Once
from services.runtime.doors.problem import Problem
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres.connections import Connections
from services.sender import ledger, reports
from services.sender.bounces import NoReport, failure

LARGEST = 262_144
"""A report may return the whole mail."""
REPORT = {
    "requestBody": {
        "required": True,
        "description": "The report as it came by mail (RFC 3464).",
        "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class TakenReport(BaseModel):
    """bounced: the lead's log learns that no mail arrives. ignored: it may still, or is known."""

    status: Literal["bounced", "ignored"]


def router(once: Once, outbox: Outbox, keys: ApiKeys) -> APIRouter:
    """The route of the reports."""
    routes = APIRouter(tags=["bounces"])
    Passing = Annotated[str, Depends(caller(keys))]  # noqa: N806 - a type

    @routes.post("/v1/bounces", status_code=202, response_model=TakenReport, openapi_extra=REPORT)
    async def take_report(passing: Passing, request: Request, key: Key = None) -> Response:
        """Tell of a mail that came back. Repeating it changes nothing."""
        try:
            failed = failure(await read_limited(request, LARGEST))
        except NoReport as why:
            raise _no_report(why) from None

        async def work(connections: Connections) -> Answer:
            if failed is None:
                return Answer(TakenReport(status="ignored"))
            async with connections.connection() as conn:
                found = await ledger.bounce(conn, failed.plan_id, failed.status)
                if found is None:
                    return Answer(TakenReport(status="ignored"))
                lead_id, trace, at = found
                await outbox.append(conn, [reports.bounced(lead_id, failed.plan_id, at, trace)])
            return Answer(TakenReport(status="bounced"))

        return await once(passing, request, key, work)

    return routes


def _no_report(why: NoReport) -> Problem:
    return Problem(
        422,
        "no-report",
        "This is no report about a mail of ours",
        f"It {why}. Pass on delivery status notifications as they come, and nothing else.",
    )
