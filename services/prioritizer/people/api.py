"""Who works, and when, over HTTP: presence, time off and hours of the caller's own team."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from engagement.playbook.team import WorkingHours
from schemas.events.fact import Moment, Text
from services.prioritizer.callers import Rep, rep_among
from services.prioritizer.claims.desk import Desk
from services.prioritizer.people.presence import Attending, Word
from services.prioritizer.people.rep_hours import HoursOfReps, RepHours
from services.prioritizer.people.time_off import TimeOff, TimesOff
from services.prioritizer.settings import NAME
from services.runtime.access.callers import Callers
from services.runtime.access.roles import Caller
from services.runtime.doors.described import refused
from services.runtime.doors.once import Answer, Key, Once, Work
from services.runtime.postgres.connections import Connections

Kept = TypeVar("Kept", TimesOff, HoursOfReps)


class Saying(BaseModel):
    """What the rep does now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: Word


class Off(BaseModel):
    """When, and who: without `rep_id` the whole team, which a manager may say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rep_id: Text | None = None
    begins_at: Moment
    ends_at: Annotated[Moment, Field(description="Later than `begins_at`.")]

    @model_validator(mode="after")
    def _in_order(self) -> "Off":
        if self.begins_at >= self.ends_at:
            raise PydanticCustomError("order", "ends_at is not later than begins_at")
        return self


def router(desk: Desk, callers: Callers) -> APIRouter:
    """The routes about people."""
    routes = APIRouter(prefix="/v1", tags=["people"], responses=refused(403))
    presence = desk.presence
    once, times_off = Once(presence.pool, NAME), TimesOff(presence.pool)
    hours_of_reps = HoursOfReps(presence.pool)
    Asking = Annotated[Rep, Depends(rep_among(callers))]  # noqa: N806 - a type
    Colleague = Annotated[  # noqa: N806 - a type
        Caller, Depends(callers.having_team("rep", "manager"))
    ]

    @routes.post("/presence", response_model=Attending, responses=refused(409))
    async def say(rep: Asking, body: Saying, request: Request, key: Key = None) -> Response:
        """Clock in, pause, or leave. It holds for a while; asking for leads and working on them
        makes it last. Who leaves gives back the lead in hand.
        """
        return await once(rep.rep_id, request, key, desk.say(rep, body.state))

    @routes.get("/presence")
    async def team(caller: Colleague) -> tuple[Attending, ...]:
        """Who of the caller's team works now, pauses, left, or was not heard of for a while."""
        return await presence.team(caller.team or "")

    @routes.post("/time-off", response_model=TimeOff)
    async def enter(caller: Colleague, body: Off, request: Request, key: Key = None) -> Response:
        """Enter time off: reps their own, managers that of anybody, or of the whole team."""

        what = body.rep_id, body.begins_at, body.ends_at
        work = _within(times_off, lambda off: off.enter(caller, *what))
        return await once(caller.subject, request, key, work)

    @routes.get("/time-off")
    async def coming(caller: Colleague) -> tuple[TimeOff, ...]:
        """The time off of the caller's team that is not over yet."""
        return await times_off.coming(caller)

    @routes.delete("/time-off/{time_off_id}", response_model=TimeOff)
    async def end(
        caller: Colleague, time_off_id: UUID, request: Request, key: Key = None
    ) -> Response:
        """Take time off out; whoever it concerned is given leads again."""

        work = _within(times_off, lambda off: off.end(caller, time_off_id))
        return await once(caller.subject, request, key, work)

    @routes.put("/rep-hours/{rep_id:path}", response_model=RepHours)
    async def set_hours(
        caller: Colleague, rep_id: Text, body: WorkingHours, request: Request, key: Key = None
    ) -> Response:
        """Let a rep work at these hours, whatever the team's are: reps say so of themselves,
        managers of anybody.
        """

        work = _within(hours_of_reps, lambda hours: hours.set(caller, rep_id, body))
        return await once(caller.subject, request, key, work)

    @routes.get("/rep-hours")
    async def hours(caller: Colleague) -> tuple[RepHours, ...]:
        """Who of the caller's team works at hours of the rep's own."""
        return await hours_of_reps.all(caller)

    @routes.delete("/rep-hours/{rep_id:path}", response_model=RepHours)
    async def remove_hours(
        caller: Colleague, rep_id: Text, request: Request, key: Key = None
    ) -> Response:
        """Take a rep's own hours out: the team's hold again."""

        work = _within(hours_of_reps, lambda hours: hours.remove(caller, rep_id))
        return await once(caller.subject, request, key, work)

    return routes


def _within(kept: Kept, change: Callable[[Kept], Awaitable[BaseModel]]) -> Work:
    """The change as work that Once can do within its own transaction."""

    async def work(connections: Connections) -> Answer:
        return Answer(await change(replace(kept, pool=connections)))

    return work
