"""The addresses of the console's pages."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from services.prioritizer.console.pages import HEADERS, HERE
from services.prioritizer.console.reads import Reads
from services.prioritizer.console.refused import colleague, refused
from services.prioritizer.console.session import Sessions
from services.prioritizer.reading import refusals as reading_refusals
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem

STATIC = {"console.css": "text/css", "console.js": "text/javascript"}


def add_pages(routes: APIRouter, reads: Reads, sessions: Sessions) -> None:
    """Add the pages' routes; nobody signed in is led to the door."""

    async def show(request: Request, shown: Callable[[Caller], Awaitable[Response]]) -> Response:
        caller = sessions.caller(request)
        if caller is None:
            return RedirectResponse("/login", 303)
        try:
            return await shown(colleague(caller))
        except Exception as error:
            return refused(error, caller, again=str(request.url))

    @routes.get("/")
    async def home(
        request: Request, problem: str | None = None, claim: str | None = None
    ) -> Response:
        async def shown(caller: Caller) -> Response:
            if "rep" not in caller.roles:
                return RedirectResponse("/board", 303)
            return await reads.next_lead(caller, problem, claim)

        return await show(request, shown)

    @routes.get("/lists")
    async def lists(request: Request) -> Response:
        return await show(request, lambda caller: reads.listed(caller, dict(request.query_params)))

    @routes.get("/board")
    async def board_(request: Request) -> Response:
        return await show(request, reads.board)

    @routes.get("/leads/{lead_id}")
    async def lead(request: Request, lead_id: str) -> Response:
        return await show(request, lambda caller: reads.lead(caller, _lead_id(lead_id)))

    @routes.get("/console/{file}")
    async def static(file: str) -> Response:
        if file not in STATIC:
            raise Problem(404, "not-found", "Not Found", "The console has no such file.")
        return FileResponse(HERE / "static" / file, headers=HEADERS, media_type=STATIC[file])


def _lead_id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise reading_refusals.unknown_lead(told) from None
