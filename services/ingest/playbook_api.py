"""PUT /v1/playbook: the operator brings a playbook into force."""

from collections.abc import Awaitable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from engagement.playbook import Playbook
from engagement.playbook.checking import Wrong, checked
from engagement.playbook.faults import Fault, faults_of
from services.ingest.admission import Clock, body, problem
from services.ingest.openapi import PLAYBOOK, PublishedPlaybook
from services.ingest.publication import InForce, Publication, Publications
from services.ingest.refused import WHOLE, Refused, parsed
from services.runtime.access.callers import Callers
from services.runtime.access.roles import Caller
from services.runtime.doors import conditional, described
from services.runtime.doors.conditional import IfMatch, IfNoneMatch
from services.runtime.doors.once import Answer, Key, Once
from services.runtime.doors.problem import FieldError, Problem
from services.runtime.outbox.outbox import RowRefused
from services.runtime.postgres.connections import Connections

BODY_BYTES = 2_097_152
"""Twice what Kafka takes of it: a body may be indented, its canonical form is what counts."""


def router(publications: Publications, callers: Callers, clock: Clock, once: Once) -> APIRouter:
    """The route. Publishing the playbook that is in force changes nothing."""
    routes = APIRouter()
    Operator = Annotated[Caller, Depends(callers.having("operator"))]  # noqa: N806 - a type

    @routes.get(
        "/v1/playbook",
        response_model=InForce,
        responses={**conditional.RESPONSES, **described.refused(403, 404)},
        dependencies=[Depends(callers.having("operator", "manager"))],
    )
    async def in_force(has: IfNoneMatch = None) -> Response:
        """The playbook in force, by its digest, which is also the ETag."""
        found = await publications.in_force()
        return conditional.answer(found, has, found.digest)

    @routes.put(
        "/v1/playbook",
        response_model=PublishedPlaybook,
        responses=described.refused(403, 412, 415),
        openapi_extra=PLAYBOOK,
        summary="Publish a playbook",
    )
    async def put_playbook(
        operator: Operator, request: Request, key: Key = None, instead_of: IfMatch = None
    ) -> Response:
        playbook = _playbook(await body(request, BODY_BYTES))

        async def work(connections: Connections) -> Answer:
            traceparent = request.headers.get("traceparent")
            publishing = publications.publish(
                connections, playbook, clock(), traceparent, instead_of
            )
            return _answer(playbook.name, await _published(publishing))

        return await once(operator.subject, request, key, work)

    return routes


async def _published(publishing: Awaitable[Publication]) -> Publication:
    """It is one record in each partition, so it must not be larger than a record may be."""
    try:
        return await publishing
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


def _answer(name: str, publication: Publication) -> Answer:
    told = PublishedPlaybook(
        playbook=name,
        number=publication.number,
        digest=publication.digest,
        published=publication.fresh,
    )
    return Answer(told)
