"""POST /v1/events: what tools saw of leads and people decided about them, one or a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from schemas.events.fact import LeadFact
from services.ingest.admission import Admission, body, dedupe_key
from services.ingest.connectors.events import Sender, facts
from services.ingest.inbox import Submission, Verdict
from services.ingest.leads_api import IDEMPOTENCY_KEY, REPLAYED, conflict
from services.ingest.openapi import EVENTS, TakenEvents
from services.ingest.refused import Refused
from services.runtime.auth import unauthorized
from services.runtime.raw_route import raw_routes
from services.runtime.security import ApiKeys, bearer

PATH = "/v1/events"


@dataclass(frozen=True, slots=True)
class Senders:
    """Whose keys open the door: sources tell what tools see, operators also what people do."""

    sources: ApiKeys
    operators: ApiKeys

    def of(self, authorization: str | None) -> Sender:
        """Who sends; raises Problem 401 for a key that is nobody's."""
        key = bearer(authorization)
        source, operator = self.sources.name_of(key), self.operators.name_of(key)
        if operator is not None:
            return Sender(operator, in_charge=True)
        if source is None:
            raise unauthorized()
        return Sender(source)


def router(admission: Admission, senders: Senders) -> APIRouter:
    """The route. 202 means that the facts are committed; the cadence takes them up by itself."""
    routes = raw_routes()

    @routes.post(
        PATH,
        status_code=202,
        response_model=TakenEvents,
        openapi_extra=EVENTS,
        summary="Tell what happened",
    )
    async def take_events(request: Request) -> Response:
        sender = senders.of(request.headers.get("authorization"))
        await admission.check_open()
        key = sender.name, f"{PATH} {dedupe_key(request, IDEMPOTENCY_KEY)}"
        raw = await body(request)
        try:
            told = facts(raw, sender, admission.clock(), admission.ids)
        except Refused as why:
            await admission.refuse(request, sender.name, raw, why)
        return _answer(told, *await admission.submit(request, key, raw, told))

    return routes


def _answer(told: Sequence[LeadFact], submission: Submission, verdict: Verdict) -> Response:
    """A repetition is answered as the first was: the answer follows from the request alone."""
    if verdict is Verdict.CONFLICT:
        raise conflict("event")
    accepted = [_named(fact, submission.fact_id(n)) for n, fact in enumerate(told)]
    headers = REPLAYED if verdict is Verdict.DUPLICATE else None
    return Response(orjson.dumps({"events": accepted}), 202, headers, "application/json")


def _named(fact: LeadFact, fact_id: UUID) -> dict[str, UUID]:
    return {"lead_id": fact.lead_id, "fact_id": fact_id}
