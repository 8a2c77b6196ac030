"""The queue over HTTP: one question and three answers. Who asks is told by the credential."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.prioritizer.answers import Dispose, Ended, Lease, Me, NextLead, Release, Renewal
from services.prioritizer.callers import Caller, Callers, Rep
from services.prioritizer.holding import Disposition, Holding
from services.prioritizer.serving import Serving

ASK_AGAIN_SECONDS: Final = "2"
NONE_DUE: Final = "No lead of the team is due. Ask again after `Retry-After` seconds."


def router(serving: Serving, holding: Holding, callers: Callers) -> APIRouter:
    """The routes of the queue."""
    routes = APIRouter(prefix="/v1", tags=["queue"])
    Asking = Annotated[Rep, Depends(callers.rep)]  # noqa: N806 - a type
    Anybody = Annotated[Caller, Depends(callers.calling)]  # noqa: N806 - a type

    @routes.post("/queue/next", responses={204: {"description": NONE_DUE}})
    async def next_lead(rep: Asking, response: Response) -> NextLead | None:
        """The next lead for the calling rep, and the one thing to do.

        A rep holds one lead at a time: asked again, it is the same claim until it ends.
        """
        given = await serving.next(rep)
        if given is None:
            response.status_code = 204
            response.headers["Retry-After"] = ASK_AGAIN_SECONDS
            return None
        return NextLead.of(given)

    @routes.post("/claims/{claim_id}/renew")
    async def renew(rep: Asking, claim_id: UUID, body: Renewal) -> Lease:
        """Hold the lead for another whole lease, from now."""
        return Lease.of(await holding.renew(rep.rep_id, claim_id, body.fence))

    @routes.post("/claims/{claim_id}/release")
    async def release(rep: Asking, claim_id: UUID, body: Release) -> Ended:
        """Give the lead back; the same touch is not offered to this rep again."""
        claim = await holding.release(rep.rep_id, claim_id, body.fence, body.reason)
        return Ended.of(claim)

    @routes.post("/claims/{claim_id}/disposition")
    async def dispose(rep: Asking, claim_id: UUID, body: Dispose) -> Ended:
        """End the claim with one of the result codes that came with it."""
        end = Disposition(body.result_code, body.channel, body.note, body.callback_at)
        return Ended.of(await holding.dispose(rep.rep_id, claim_id, body.fence, end))

    @routes.get("/me")
    async def me(caller: Anybody) -> Me:
        """Who the queue takes the caller for, and as what."""
        return Me.model_validate(caller, from_attributes=True)

    return routes
