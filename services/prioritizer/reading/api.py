"""What can be read of the queue over HTTP, by whom it concerns; nothing here changes anything."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from engagement.priority import Bucket
from schemas.events.fact import Channel
from services.prioritizer.claims.explaining import Explained, Explaining
from services.prioritizer.lists.listed import Page, Part, State, Wanted
from services.prioritizer.lists.listing import Lists
from services.prioritizer.lists.numbers import Numbers, numbers
from services.prioritizer.reading.standing import LeadExplained, Standings
from services.prioritizer.reading.timeline import Timeline, Timelines
from services.prioritizer.serving import nobody
from services.prioritizer.serving.nobody import QueueExplained
from services.runtime.access.callers import Callers
from services.runtime.access.roles import Caller
from services.runtime.doors import conditional
from services.runtime.doors.conditional import IfNoneMatch
from services.runtime.doors.described import refused

CURSOR = Query(description="`next` of the page before.", max_length=1_000)
LIMIT = Query(ge=1, le=200, description="How many leads a page has at most.")
TIER = Query(description="A tier of the playbook, by its name.", max_length=60)
PART = Query(description="When the touch opens, by the lead's clock: before noon, or after.")


def router(
    explaining: Explaining, timelines: Timelines, lists: Lists, callers: Callers
) -> APIRouter:
    """The routes that read."""
    routes = APIRouter(prefix="/v1", tags=["queue"], responses=refused(403))
    standings, known = Standings(explaining.pool), conditional.RESPONSES
    Reader = Annotated[  # noqa: N806 - a type
        Caller, Depends(callers.having("rep", "manager", "analyst"))
    ]
    Anybody = Annotated[  # noqa: N806 - a type
        Caller, Depends(callers.having("rep", "manager", "analyst", "operator"))
    ]
    Colleague = Annotated[  # noqa: N806 - a type
        Caller, Depends(callers.having("rep", "manager"))
    ]

    @routes.get("/claims/{claim_id}/explain", response_model=Explained, responses=known)
    async def explain(caller: Reader, claim_id: UUID, has: IfNoneMatch = None) -> Response:
        """Why the lead of this claim came first then, and what kept others back.

        For every claim of the caller's team, open or ended: what was recorded with it. It names
        no person, so an analyst reads those of all teams.
        """
        return conditional.answer(await explaining.claim(caller, claim_id), has)

    @routes.get("/queue/explain", response_model=QueueExplained, responses=known)
    async def explain_queue(caller: Colleague, has: IfNoneMatch = None) -> Response:
        """What is kept back from the caller now, by which rules, and until when.

        A rep who is given nobody reads here why. For managers, what is kept back from anybody.
        """
        rep_id = caller.subject if "rep" in caller.roles else None
        async with explaining.pool.connection() as conn:
            told = await nobody.explained(conn, rep_id, caller.team or "")
        return conditional.answer(told, has)

    @routes.get("/leads/{lead_id}/explain", response_model=LeadExplained, responses=known)
    async def explain_lead(caller: Reader, lead_id: UUID, has: IfNoneMatch = None) -> Response:
        """Where a lead of the caller's team stands now: served next, after whom, or kept back.

        By which rule, and until when. It names no person, so an analyst reads those of all teams.
        """
        return conditional.answer(await standings.of(caller, lead_id), has)

    @routes.get("/leads/{lead_id}/timeline", response_model=Timeline, responses=known)
    async def timeline(caller: Colleague, lead_id: UUID, has: IfNoneMatch = None) -> Response:
        """What was planned, claimed and done for a lead of the caller's team, in order."""
        return conditional.answer(await timelines.of(caller, lead_id), has)

    @routes.get("/queue/numbers", response_model=Numbers, responses=known)
    async def in_numbers(
        caller: Anybody,
        team: Annotated[str | None, Query(max_length=200)] = None,
        has: IfNoneMatch = None,
    ) -> Response:
        """The team's queue in numbers: ready by tier and wait, kept back by rule, held, working.

        It names nobody, so analysts and operators read it of any `team`.
        """
        return conditional.answer(await numbers(explaining.pool, caller, team), has)

    @routes.get("/queue", response_model=Page, responses=known)
    async def queue(  # noqa: PLR0913, PLR0917 - one filter each
        caller: Colleague,
        state: State = "ready",
        tier: Annotated[str | None, TIER] = None,
        channel: Channel | None = None,
        step: Annotated[int | None, Query(ge=1, le=10_000)] = None,
        part: Annotated[Part | None, PART] = None,
        overdue: bool | None = None,
        bucket: Bucket | None = None,
        cadence: Annotated[str | None, Query(max_length=200)] = None,
        cursor: Annotated[str | None, CURSOR] = None,
        limit: Annotated[int, LIMIT] = 50,
        has: IfNoneMatch = None,
    ) -> Response:
        """The leads of the caller's team: ready in the order of service, or kept back.

        `waiting` and `held` come in the order of their return, with the rule that keeps them back;
        `paused` since the longest first, `automated` by the moment at which tools are asked.
        A page may be short, even empty, and still have a `next`.
        """
        wanted = Wanted(state, tier, channel, step, part, overdue, bucket, cadence)
        return conditional.answer(await lists.page(caller, wanted, cursor, limit), has)

    return routes
