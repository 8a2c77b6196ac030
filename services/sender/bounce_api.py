"""POST /v1/bounces: reports of mail servers, as a mailbox or a hook passes them on."""

from typing import Literal

from fastapi import APIRouter, Depends, Request
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel

from services.runtime.auth import caller
from services.runtime.http import read_limited
from services.runtime.outbox import Outbox
from services.runtime.problem import Problem
from services.runtime.security import ApiKeys
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


def router(pool: AsyncConnectionPool, outbox: Outbox, keys: ApiKeys) -> APIRouter:
    """The route of the reports."""
    routes = APIRouter(tags=["bounces"], dependencies=[Depends(caller(keys))])

    @routes.post("/v1/bounces", status_code=202, openapi_extra=REPORT)
    async def take_report(request: Request) -> TakenReport:
        """Tell of a mail that came back. Repeating it changes nothing."""
        try:
            failed = failure(await read_limited(request, LARGEST))
        except NoReport as why:
            raise _no_report(why) from None
        if failed is None:
            return TakenReport(status="ignored")
        async with pool.connection() as conn:
            found = await ledger.bounce(conn, failed.plan_id, failed.status)
            if found is None:
                return TakenReport(status="ignored")
            lead_id, trace, at = found
            await outbox.append(conn, [reports.bounced(lead_id, failed.plan_id, at, trace)])
        return TakenReport(status="bounced")

    return routes


def _no_report(why: NoReport) -> Problem:
    return Problem(
        422,
        "no-report",
        "This is no report about a mail of ours",
        f"It {why}. Pass on delivery status notifications as they come, and nothing else.",
    )
