"""POST /v1/do-not-contact: the operator lists a number or mail domain, or takes it off again."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from schemas.received.lead import DoNotContactReceived
from services.ingest.admission import Clock, body, problem
from services.ingest.do_not_contact import DoNotContact, Entry, Listed
from services.ingest.identity import LeadIds
from services.ingest.mail import kind_of_mail
from services.ingest.openapi import DO_NOT_CONTACT, TakenListing
from services.ingest.reach import hash_of_domain, hash_of_number
from services.ingest.refused import Refused, parsed, refused
from services.runtime.access.callers import Callers
from services.runtime.access.roles import Caller
from services.runtime.doors import described
from services.runtime.doors.once import Answer, Key, Once
from services.runtime.postgres.connections import Connections

PATH = "/v1/do-not-contact"


@dataclass(frozen=True, slots=True)
class _Asked:
    entry: Entry
    listed: bool


def router(
    listings: DoNotContact, ids: LeadIds, callers: Callers, clock: Clock, once: Once
) -> APIRouter:
    """The route. What is listed may be listed again; `?dry_run=true` only says what would be."""
    routes = APIRouter()
    Operator = Annotated[Caller, Depends(callers.having("operator"))]  # noqa: N806 - a type

    @routes.post(
        PATH,
        response_model=TakenListing,
        responses=described.refused(403, 415),
        openapi_extra=DO_NOT_CONTACT,
        summary="List or unlist a number or domain",
    )
    async def take_listing(
        operator: Operator, request: Request, dry_run: bool = False, key: Key = None
    ) -> Response:
        try:
            asked = _asked(await body(request), ids)
        except Refused as why:
            raise problem(why) from None

        async def work(connections: Connections) -> Answer:
            act = listings.list if asked.listed else listings.unlist
            return _answer(asked, await act(connections, asked.entry, clock()))

        if dry_run:
            told = _answer(asked, await listings.would(asked.entry, listed=asked.listed))
            return Response(told.json, media_type="application/json")
        response = await once(operator.subject, request, key, work)
        if asked.listed:
            await listings.finish(asked.entry, clock())
        return response

    return routes


def _asked(raw: bytes, ids: LeadIds) -> _Asked:
    document = parsed(raw)
    try:
        told = DoNotContactReceived.model_validate(document)
    except ValidationError as error:
        raise refused(error) from None
    return _Asked(Entry(_hash(told, ids), told.channel), told.listed)


def _hash(told: DoNotContactReceived, ids: LeadIds) -> bytes:
    if told.phone is not None:
        found = hash_of_number(ids, told.phone, told.country)
        if found is None:
            fix = "send it with + and the country code, or send its country"
            raise Refused("invalid", "phone", "no number that is known in all countries", fix)
        return found
    domain = told.domain or ""
    if kind_of_mail(f"@{domain}") == "free":
        fix = "opt each of these people out with POST /v1/events"
        raise Refused("invalid", "domain", "strangers share this domain of free mailboxes", fix)
    return hash_of_domain(ids, domain)


def _answer(asked: _Asked, listed: Listed) -> Answer:
    return Answer(TakenListing(listed=asked.listed, changed=listed.changed, leads=listed.leads))
