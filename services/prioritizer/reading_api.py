"""What can be read of the queue over HTTP, by whom it concerns; nothing here changes anything."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.prioritizer.callers import Caller, Callers
from services.prioritizer.explaining import Explained, Explaining


def router(explaining: Explaining, callers: Callers) -> APIRouter:
    """The routes that read."""
    routes = APIRouter(prefix="/v1", tags=["queue"])
    Reader = Annotated[  # noqa: N806 - a type
        Caller, Depends(callers.having("rep", "manager", "analyst"))
    ]

    @routes.get("/claims/{claim_id}/explain")
    async def explain(caller: Reader, claim_id: UUID) -> Explained:
        """Why the lead of this claim came first then, and what kept others back.

        For every claim of the caller's team, open or ended: what was recorded with it. It names
        no person, so an analyst reads those of all teams.
        """
        return await explaining.claim(caller, claim_id)

    return routes
