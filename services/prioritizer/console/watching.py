"""The console hears when the team's queue changes, so that its pages need not ask again."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.prioritizer.changes import Changes
from services.prioritizer.changes_api import LastEventId
from services.prioritizer.console.session import Sessions
from services.runtime.access.auth import unauthorized
from services.runtime.access.roles import Caller


def add_watching(routes: APIRouter, changes: Changes, sessions: Sessions) -> None:
    """Add the stream: the same as the API's, for who is signed in."""

    def seated(request: Request) -> Caller:
        caller = sessions.caller(request)
        if caller is None or caller.team is None:
            raise unauthorized()
        return caller

    Seated = Annotated[Caller, Depends(seated)]  # noqa: N806 - a type

    @routes.get(
        "/changes", response_class=EventSourceResponse, dependencies=[Depends(changes.check)]
    )
    async def watch(caller: Seated, last: LastEventId = None) -> AsyncIterator[ServerSentEvent]:
        async for event in changes.told(caller.team, last):
            yield event
