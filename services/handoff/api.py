"""The ledger over HTTP, for CRM consumers: a handoff, and the person behind it in clear."""

from uuid import UUID

from fastapi import APIRouter, Depends
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from pydantic import AwareDatetime, TypeAdapter

from schemas.events.fact import Features, Frozen
from services.handoff import handoffs
from services.handoff.handoffs import Handoff, State
from services.runtime.access.auth import Credentials, caller
from services.runtime.access.security import ApiKeys
from services.runtime.doors.described import refused
from services.runtime.doors.problem import Problem
from services.runtime.vault import Vault, unseal

Person = dict[str, str]

PERSON = TypeAdapter(Person)


class HandoffAnswer(Frozen):
    """A handoff, and the CRM's answer where there is one."""

    handoff_id: UUID
    lead_id: UUID
    enrolment_id: UUID
    result_code: str
    rep_id: str | None
    attempts: int
    qualified_at: AwareDatetime
    features: Features
    state: State
    answered_at: AwareDatetime | None
    crm: str | None
    crm_record_id: str | None
    reason_code: str | None


class PersonAnswer(Frozen):
    """The person's fields, as their source told them."""

    handoff_id: UUID
    lead_id: UUID
    person: Person


def router(pool: AsyncConnectionPool, vault: Vault, keys: ApiKeys) -> APIRouter:
    """The routes of the ledger."""
    known = caller(keys)

    async def consumer(credentials: Credentials) -> str:
        return known(credentials)

    routes = APIRouter(prefix="/v1/handoffs", tags=["handoffs"], dependencies=[Depends(consumer)])

    @routes.get("/{handoff_id}")
    async def handoff(handoff_id: UUID) -> HandoffAnswer:
        """The handoff as the ledger has it."""
        async with pool.connection() as conn:
            found = await _found(conn, handoff_id)
        return HandoffAnswer.model_validate(found, from_attributes=True)

    @routes.get("/{handoff_id}/person", responses=refused(410))
    async def person(handoff_id: UUID) -> PersonAnswer:
        """Who the lead is. 410 once the person was erased: then drop what you keep, too."""
        async with pool.connection() as conn:
            found = await _found(conn, handoff_id)
            key = (await vault.keys(conn, [found.lead_id])).get(found.lead_id)
        if key is None:
            raise _erased(found)
        fields = PERSON.validate_json(unseal(key, found.lead_id, found.sealed))
        return PersonAnswer(handoff_id=handoff_id, lead_id=found.lead_id, person=fields)

    return routes


async def _found(conn: AsyncConnection, handoff_id: UUID) -> Handoff:
    found = await handoffs.read(conn, handoff_id)
    if found is None:
        raise Problem(
            404,
            "unknown-handoff",
            "No such handoff",
            "Use the handoff_id of a message on sales.sql.handoff.v1.",
        )
    return found


def _erased(handoff: Handoff) -> Problem:
    return Problem(
        410,
        "person-erased",
        "The person was erased",
        f"Erase what you keep of lead {handoff.lead_id}; it will not come back.",
    )
