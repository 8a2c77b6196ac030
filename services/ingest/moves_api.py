"""POST /v1/enrolment-moves: the operator moves enrolments to another version of their playbook."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from schemas.events.lead import EnrolmentMoved
from services.ingest.admission import Admission, body, dedupe_key
from services.ingest.connectors.moves import moves
from services.ingest.leads_api import IDEMPOTENCY_KEY, answer
from services.ingest.openapi import MOVES, TakenMoves
from services.ingest.refused import Refused
from services.runtime.access.callers import Callers
from services.runtime.access.security import bearer
from services.runtime.doors import described
from services.runtime.doors.raw_route import raw_routes

PATH = "/v1/enrolment-moves"


def router(admission: Admission, callers: Callers) -> APIRouter:
    """The route. 202 means that the facts are committed; the cadence judges each by itself."""
    routes = raw_routes()

    @routes.post(
        PATH,
        status_code=202,
        response_model=TakenMoves,
        responses=described.refused(401, 403, 409, 415),
        openapi_extra=MOVES,
        summary="Move enrolments",
    )
    async def take_moves(request: Request) -> Response:
        caller = await callers.presenting(bearer(request.headers.get("authorization")))
        operator = caller.having("operator").subject
        await admission.check_open()
        key = operator, f"{PATH} {dedupe_key(request, IDEMPOTENCY_KEY)}"
        raw = await body(request)
        try:
            facts = moves(raw, admission.clock())
            await _check_published(admission, facts)
        except Refused as why:
            await admission.refuse(request, operator, raw, why)
        return answer("move", facts, *await admission.submit(request, key, raw, facts))

    return routes


async def _check_published(admission: Admission, facts: Sequence[EnrolmentMoved]) -> None:
    """No partition knows a playbook that never came into force: the cadence would refuse."""
    unknown = await admission.publications.unknown({fact.playbook_digest for fact in facts})
    for number, fact in enumerate(facts):
        if fact.playbook_digest in unknown:
            rule, fix = "was never published", "run `touchline playbook publish` first"
            raise Refused("unknown-playbook", "playbook_digest", rule, fix).at(number)
