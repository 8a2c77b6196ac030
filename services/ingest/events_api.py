"""POST /v1/events: what tools saw of leads and people decided about them, one or a list."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from services.ingest.admission import Admission, body, dedupe_key
from services.ingest.connectors.events import Sender, contents
from services.ingest.leads_api import IDEMPOTENCY_KEY, answer
from services.ingest.openapi import EVENTS, TakenEvents
from services.ingest.refused import Refused
from services.runtime.access.callers import Callers
from services.runtime.access.security import ApiKeys, bearer
from services.runtime.doors.described import refused
from services.runtime.doors.raw_route import raw_routes

PATH = "/v1/events"


@dataclass(frozen=True, slots=True)
class Senders:
    """Who is let in: sources tell what tools see, operators also what people do."""

    sources: ApiKeys
    people: Callers

    async def of(self, authorization: str | None) -> Sender:
        """Who sends; raises Problem 401 for anybody unknown, 403 for people without the role."""
        credential = bearer(authorization)
        source = self.sources.name_of(credential)
        if source is not None and self.people.holding(credential) is None:
            return Sender(source)
        caller = await self.people.presenting(credential)
        return Sender(caller.having("operator").subject, in_charge=True)


def router(admission: Admission, senders: Senders) -> APIRouter:
    """The route. 202 means that the facts are committed; the cadence takes them up by itself."""
    routes = raw_routes()

    @routes.post(
        PATH,
        status_code=202,
        response_model=TakenEvents,
        responses=refused(401, 403, 409, 415),
        openapi_extra=EVENTS,
        summary="Tell what happened",
    )
    async def take_events(request: Request) -> Response:
        sender = await senders.of(request.headers.get("authorization"))
        await admission.check_open()
        key = sender.name, f"{PATH} {dedupe_key(request, IDEMPOTENCY_KEY)}"
        raw = await body(request)
        try:
            events = contents(raw, sender, admission.clock(), admission.ids)
        except Refused as why:
            await admission.refuse(request, sender.name, raw, why)
        return answer("event", events, *await admission.submit(request, key, raw, events))

    return routes
