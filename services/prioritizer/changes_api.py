"""The queue's changes as server-sent events, for those who may read the queue."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.prioritizer.changes import Changes
from services.runtime.access.callers import Callers
from services.runtime.access.roles import Caller
from services.runtime.doors.described import refused

LastEventId = Annotated[
    str | None,
    Header(alias="Last-Event-ID", description="The `id` of the last event that came."),
]


def router(changes: Changes, callers: Callers) -> APIRouter:
    """The one route."""
    routes = APIRouter(
        prefix="/v1",
        tags=["queue"],
        dependencies=[Depends(changes.check)],
        responses=refused(403),
    )
    Colleague = Annotated[  # noqa: N806 - a type
        Caller, Depends(callers.having("rep", "manager"))
    ]

    @routes.get("/queue/events", response_class=EventSourceResponse)
    async def events(
        caller: Colleague, last: LastEventId = None
    ) -> AsyncIterator[ServerSentEvent]:
        """That the queue of the caller's team changed: `lead-planned`, `lead-cleared`,
        `lead-claimed`, `claim-ended`; or `reload`, where changes may have been missed.

        What changed is read anew. A stream ends after a quarter of an hour, at the latest: ask
        again with the `Last-Event-ID`. A comment every 15 seconds shows that the line is alive.
        """
        async for event in changes.told(caller.team, last):
            yield event

    return routes
