"""The console's pages that show something, each to those of the team alone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import TypeAdapter, ValidationError

from engagement.priority import Bucket
from schemas.events.fact import Channel, Features
from services.prioritizer.callers import Caller, Rep
from services.prioritizer.console import board
from services.prioritizer.console.pages import HEADERS, HERE, page
from services.prioritizer.console.session import Sessions
from services.prioritizer.explaining import Explained
from services.prioritizer.listing import Lists, Part, State, Wanted
from services.prioritizer.playbooks import Playbooks, whereabouts
from services.prioritizer.presence import Presence
from services.prioritizer.ranking import tiers
from services.prioritizer.serving import Serving
from services.prioritizer.timeline import Timelines
from services.runtime.problem import Problem

A_PAGE = 50
FILTERS = {
    "state": get_args(State),
    "bucket": get_args(Bucket),
    "tier": (),
    "channel": get_args(Channel),
    "part": get_args(Part),
}
WANTED = TypeAdapter(Wanted)
STATIC = {"console.css": "text/css", "console.js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Reads:
    """Everything that the pages read from."""

    serving: Serving
    presence: Presence
    timelines: Timelines
    lists: Lists
    playbooks: Playbooks

    async def next_lead(self, caller: Caller, problem: str | None) -> Response:
        """The lead in hand, with all that a rep needs for the touch."""
        rep = Rep(caller.subject, caller.team or "")
        given, standing = await self.serving.held(rep), await self.presence.of(rep)
        if given is None:
            return page("next.html", caller=caller, problem=problem, given=None, standing=standing)
        claim = given.claim
        async with self.serving.pool.connection() as conn:
            playbook = await self.playbooks.get(conn, claim.why.playbook_digest)
        labels = {one.code: one.label for one in playbook.results} if playbook else {}
        actions = playbook.actions if playbook else {}
        codes = claim.plan.result_codes
        return page(
            "next.html",
            caller=caller,
            problem=problem,
            given=given,
            standing=standing,
            now=await self._now(),
            time_zone=whereabouts(given.features, playbook).time_zone,
            results=[(code, labels.get(code, code)) for code in codes],
            calls_back=any(actions.get(code) == "schedule-callback" for code in codes),
            renew_seconds=max(1, int(self.serving.lease.total_seconds() // 3)),
            why=Explained.of(claim),
            timeline=await self.timelines.of(caller, claim.lead_id),
        )

    async def lead(self, caller: Caller, lead_id: UUID) -> Response:
        """What happened to a lead."""
        timeline = await self.timelines.of(caller, lead_id)
        zone = await self._time_zone(timeline.features, timeline.playbook_digest)
        return page("lead.html", caller=caller, timeline=timeline, time_zone=zone)

    async def listed(self, caller: Caller, asked: dict[str, str]) -> Response:
        """A page of a list."""
        problem, cursor = asked.pop("problem", None), asked.pop("cursor", None)
        wished = {field: value for field, value in asked.items() if value}
        try:
            wanted = WANTED.validate_python(wished)
        except ValidationError:
            wished, wanted, problem = {}, Wanted(), "no-such-filter"
        leads = await self.lists.page(caller, wanted, cursor, A_PAGE)
        return page(
            "lists.html",
            caller=caller,
            problem=problem,
            filters=FILTERS | {"tier": await self._tiers()},
            asked=wished,
            leads=leads,
            more="/lists?" + urlencode({**wished, "cursor": leads.next or ""}),
        )

    async def board(self, caller: Caller) -> Response:
        """The team's queue at a glance."""
        async with self.serving.pool.connection() as conn:
            seen = await board.look(conn, caller.team or "")
        people = await self.presence.team(caller.team or "")
        return page(
            "board.html", caller=caller, board=seen, people=people, most=board.MOST_COUNTED
        )

    async def _tiers(self) -> tuple[str, ...]:
        async with self.serving.pool.connection() as conn:
            return await tiers(conn)

    async def _now(self) -> datetime:
        async with self.serving.pool.connection() as conn:
            row = await (await conn.execute("select clock_timestamp()")).fetchone()
        assert row is not None  # noqa: S101 - it selects one
        now: datetime = row[0]
        return now

    async def _time_zone(self, features: Features, digest: str | None) -> str:
        async with self.serving.pool.connection() as conn:
            playbook = await self.playbooks.get(conn, digest)
        return whereabouts(features, playbook).time_zone


def add_reads(routes: APIRouter, reads: Reads, sessions: Sessions) -> None:
    """Add the pages' routes; nobody signed in is led to the door."""

    async def show(request: Request, shown: Callable[[Caller], Awaitable[Response]]) -> Response:
        caller = sessions.caller(request)
        if caller is None or caller.team is None:
            return RedirectResponse("/login", 303)
        try:
            return await shown(caller)
        except Problem as problem:
            told: dict[str, Any] = {"caller": caller, "title": problem.title}
            return page("problem.html", problem.status_code, **told)

    @routes.get("/login")
    async def door(request: Request) -> Response:
        if sessions.caller(request):
            return RedirectResponse("/", 303)
        return page("login.html", caller=None, wrong=False)

    @routes.get("/")
    async def home(request: Request, problem: str | None = None) -> Response:
        async def shown(caller: Caller) -> Response:
            if "rep" not in caller.roles:
                return RedirectResponse("/board", 303)
            return await reads.next_lead(caller, problem)

        return await show(request, shown)

    @routes.get("/lists")
    async def lists(request: Request) -> Response:
        return await show(request, lambda caller: reads.listed(caller, dict(request.query_params)))

    @routes.get("/board")
    async def board_(request: Request) -> Response:
        return await show(request, reads.board)

    @routes.get("/leads/{lead_id}")
    async def lead(request: Request, lead_id: UUID) -> Response:
        return await show(request, lambda caller: reads.lead(caller, lead_id))

    @routes.get("/console/{file}")
    async def static(file: str) -> Response:
        if file not in STATIC:
            raise Problem(404, "not-found", "Not Found", "The console has no such file.")
        return FileResponse(HERE / "static" / file, headers=HEADERS, media_type=STATIC[file])
