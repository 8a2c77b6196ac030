"""PUT /v1/playbook: the operator brings a playbook into force."""

from collections.abc import Sequence
from datetime import datetime

import orjson
from fastapi import APIRouter, Depends, Request, Response

from engagement.playbook import Playbook
from engagement.playbook.checking import Wrong, checked
from engagement.playbook.faults import Fault, faults_of
from services.ingest.admission import Clock, body, problem
from services.ingest.openapi import PLAYBOOK, PublishedPlaybook
from services.ingest.publication import Publication, Publications
from services.ingest.refused import WHOLE, Refused, parsed
from services.runtime import described
from services.runtime.auth import caller
from services.runtime.outbox import RowRefused
from services.runtime.problem import FieldError, Problem
from services.runtime.security import ApiKeys

BODY_BYTES = 2_097_152
"""Twice what Kafka takes of it: a body may be indented, its canonical form is what counts."""


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
        playbook = _playbook(await body(request, BODY_BYTES))
        traceparent = request.headers.get("traceparent")
        publication = await _published(publications, playbook, clock(), traceparent)
        return _answer(playbook.name, publication)

    return routes


async def _published(
    publications: Publications, playbook: Playbook, at: datetime, traceparent: str | None
) -> Publication:
    """It is one record in each partition, so it must not be larger than a record may be."""
    try:
        return await publications.publish(playbook, at, traceparent)
    except RowRefused as why:
        fix = (
            "take out cadences that no lead can enter any more, or shorten activities and labels;"
            " 1,000 cadences of nine steps fit where an activity has 40 characters"
        )
        raise problem(Refused("too-large", WHOLE, str(why), fix)) from None


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
