"""PUT /v1/playbook: the operator brings a playbook into force."""

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from engagement.playbook import Playbook
from services.ingest.admission import Clock, body, problem
from services.ingest.openapi import PLAYBOOK, PublishedPlaybook
from services.ingest.publication import Publication, Publications
from services.ingest.refused import Refused, parsed, refused
from services.runtime import described
from services.runtime.auth import caller
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
        try:
            playbook = _playbook(await body(request))
        except Refused as why:
            raise problem(why) from None
        traceparent = request.headers.get("traceparent")
        publication = await publications.publish(playbook, clock(), traceparent)
        return _answer(playbook.name, publication)

    return routes


def _playbook(raw: bytes) -> Playbook:
    parsed(raw)
    try:
        return Playbook.from_content(raw.decode())
    except ValidationError as error:
        raise refused(error) from None


def _answer(name: str, publication: Publication) -> Response:
    content = {
        "playbook": name,
        "number": publication.number,
        "digest": publication.digest,
        "published": publication.fresh,
    }
    return Response(orjson.dumps(content), media_type="application/json")
