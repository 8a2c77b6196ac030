"""PUT /v1/playbook: the operator brings a playbook into force."""

from collections.abc import Sequence

import orjson
from fastapi import APIRouter, Depends, Request, Response

from engagement.playbook import Playbook
from engagement.playbook.checking import Wrong, checked
from engagement.playbook.faults import Fault, faults_of
from services.ingest.admission import Clock, body, problem
from services.ingest.openapi import PLAYBOOK, PublishedPlaybook
from services.ingest.publication import Publication, Publications
from services.ingest.refused import Refused, parsed
from services.runtime import described
from services.runtime.auth import caller
from services.runtime.problem import FieldError, Problem
from services.runtime.security import ApiKeys


def router(publications: Publications, operators: ApiKeys, clock: Clock) -> APIRouter:
    """The route. Publishing the playbook that is in force changes nothing."""
    routes = APIRouter(dependencies=[Depends(caller(operators))])

    @routes.put(
        "/v1/playbook",
        response_model=PublishedPlaybook,
        responses=described.refused(415),
        openapi_extra=PLAYBOOK,
        summary="Publish a playbook",
    )
    async def put_playbook(request: Request) -> Response:
        playbook = _playbook(await body(request))
        traceparent = request.headers.get("traceparent")
        publication = await publications.publish(playbook, clock(), traceparent)
        return _answer(playbook.name, publication)

    return routes


def _playbook(raw: bytes) -> Playbook:
    """What `touchline playbook check` takes, and nothing else; raises Problem with every fault."""
    try:
        return checked(parsed(raw))
    except Refused as why:
        raise problem(why) from None
    except Wrong as wrong:
        raise _problem(faults_of(wrong.details, "body", {(): 1})) from None


def _problem(faults: Sequence[Fault]) -> Problem:
    errors = [FieldError(fault.path, fault.rule, fault.fix) for fault in faults]
    detail = f"{_counted(len(errors))} wrong in it, told under errors. Nothing was published."
    return Problem(422, "invalid", "The playbook cannot be taken", detail, errors=errors)


def _counted(faults: int) -> str:
    return "One thing is" if faults == 1 else f"{faults} things are"


def _answer(name: str, publication: Publication) -> Response:
    content = {
        "playbook": name,
        "number": publication.number,
        "digest": publication.digest,
        "published": publication.fresh,
    }
    return Response(orjson.dumps(content), media_type="application/json")
