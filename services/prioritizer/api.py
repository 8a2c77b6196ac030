"""The queue over HTTP: two questions and three answers. Who asks is told by the credential.

Every write takes an Idempotency-Key.
"""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.prioritizer.answers import Dispose, Ended, Lease, Me, NextLead, Release, Renewal
from services.prioritizer.callers import Rep, rep_among
from services.prioritizer.claims.desk import Desk, Held
from services.prioritizer.claims.holding import Disposition
from services.prioritizer.settings import NAME
from services.runtime.access.callers import Callers
from services.runtime.access.roles import Caller
from services.runtime.doors.described import refused
from services.runtime.doors.once import Key, Once

_TEXT: Final = {"type": "string"}
NONE_DUE: Final = {
    "description": "No lead of the team is due for the rep. Ask again after `Retry-After` seconds."
    " Where a limit keeps new leads from the rep, `Queue-Rule` names it, and `Queue-Returns-At`"
    " when it ends; GET /v1/queue/explain says what else is kept back.",
    "headers": {
        "Retry-After": {"schema": _TEXT, "required": True},
        "Queue-Rule": {"schema": _TEXT},
        "Queue-Returns-At": {"schema": {**_TEXT, "format": "date-time"}},
    },
}


def router(desk: Desk, callers: Callers) -> APIRouter:
    """The routes of the queue."""
    routes = APIRouter(prefix="/v1", tags=["queue"])
    once = Once(desk.holding.pool, NAME, desk.holding.vault)
    Asking = Annotated[Rep, Depends(rep_among(callers))]  # noqa: N806 - a type
    Anybody = Annotated[Caller, Depends(callers.calling)]  # noqa: N806 - a type

    @routes.post(
        "/queue/next",
        response_model=NextLead,
        responses={204: NONE_DUE, **refused(403, 409, 410)},
    )
    async def next_lead(rep: Asking, request: Request, key: Key = None) -> Response:
        """The next lead for the calling rep, and the one thing to do.

        A rep holds one lead at a time, or as many as the playbook says: asked again with all of
        them in hand, it is the last claim until one ends.
        """
        return await once(rep.rep_id, request, key, desk.next(rep))

    @routes.post(
        "/leads/{lead_id}/claim", response_model=NextLead, responses=refused(403, 409, 410)
    )
    async def pick(rep: Asking, lead_id: UUID, request: Request, key: Key = None) -> Response:
        """Take this lead of the list instead of the next one, where its playbook lets reps pick.

        It is recorded as a pick, with the leads that came first.
        """
        return await once(rep.rep_id, request, key, desk.pick(rep, lead_id))

    @routes.post(
        "/claims/{claim_id}/renew", response_model=Lease, responses=refused(403, 409, 410)
    )
    async def renew(
        rep: Asking, claim_id: UUID, body: Renewal, request: Request, key: Key = None
    ) -> Response:
        """Hold the lead for another whole lease, from now.

        A 409 `plan-withdrawn` says that the touch is not wanted any more: do not make it.
        """
        held = Held(claim_id, body.fence)
        return await once(rep.rep_id, request, key, desk.renew(rep, held))

    @routes.post(
        "/claims/{claim_id}/release", response_model=Ended, responses=refused(403, 409, 410, 429)
    )
    async def release(
        rep: Asking, claim_id: UUID, body: Release, request: Request, key: Key = None
    ) -> Response:
        """Give the lead back; the same touch is not offered to this rep again.

        A rep may do so so many times in 24 hours, and is then refused with 429.
        """
        work = desk.release(rep, Held(claim_id, body.fence), body.reason)
        return await once(rep.rep_id, request, key, work)

    @routes.post(
        "/claims/{claim_id}/disposition", response_model=Ended, responses=refused(403, 409, 410)
    )
    async def dispose(
        rep: Asking, claim_id: UUID, body: Dispose, request: Request, key: Key = None
    ) -> Response:
        """End the claim with one of the result codes that came with it.

        Also after the lease ran out, for as long as nobody was given the lead since.
        """
        end = Disposition(body.result_code, body.channel, body.note, body.callback_at)
        work = desk.dispose(rep, Held(claim_id, body.fence), end)
        return await once(rep.rep_id, request, key, work)

    @routes.get("/claims", responses=refused(403))
    async def in_hand(rep: Asking) -> tuple[NextLead, ...]:
        """What the calling rep holds, the last one first; looking takes none."""
        return tuple(map(NextLead.of, await desk.serving.in_hand(rep)))

    @routes.get("/me")
    async def me(caller: Anybody) -> Me:
        """Who the queue takes the caller for, and as what."""
        return Me.model_validate(caller, from_attributes=True)

    return routes
