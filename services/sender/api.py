"""The link in every mail. Only POST ends anything: scanners follow links, and press no button."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel

from services.runtime.doors.problem import Problem
from services.runtime.outbox.outbox import Outbox
from services.sender import ledger, reports
from services.sender.unsubscribing import PATH, Unsubscribing

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Unsubscribe</title>
<h1>Unsubscribe</h1>
<p>You will get no more e-mail from us.</p>
<form method="post"><button>Unsubscribe</button></form>
</html>
"""


class Unsubscribed(BaseModel):
    """No e-mail will be sent any more; also when it was said before."""

    unsubscribed: bool = True


def router(pool: AsyncConnectionPool, outbox: Outbox, unsubscribing: Unsubscribing) -> APIRouter:
    """The route of the link."""
    routes = APIRouter(tags=["unsubscribe"])

    @routes.get(f"{PATH}/{{token}}", response_class=HTMLResponse)
    async def ask(token: str) -> Response:
        """A page with one button, for people whose mail program has none."""
        if unsubscribing.read(token) is None:
            raise _unknown()
        return HTMLResponse(PAGE)

    @routes.post(f"{PATH}/{{token}}")
    async def unsubscribe(token: str) -> Unsubscribed:
        """End all e-mail to whom the mail was sent (RFC 8058). Repeating it changes nothing."""
        named = unsubscribing.read(token)
        if named is None:
            raise _unknown()
        plan_id, lead_id = named
        async with pool.connection() as conn:
            said = await ledger.unsubscribe(conn, plan_id, lead_id)
            if said is not None:
                await outbox.append(conn, [reports.opted_out(lead_id, plan_id, *said)])
        return Unsubscribed()

    return routes


def _unknown() -> Problem:
    return Problem(
        404,
        "unknown-link",
        "This link is not one of ours",
        "Follow the link of the mail as it stands there, whole.",
    )
