"""What each enrolment entered with: table handoff.enrolments, whole batches at once."""

from collections.abc import Sequence
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from schemas.events.decision import CadenceEntered
from schemas.events.fact import Features, Frozen

REMEMBER = """
insert into handoff.enrolments (partition, enrolment_id, lead_id, features, sealed)
select %b::int, enrolment_id, lead_id, features::jsonb, sealed
from unnest(%b::uuid[], %b::uuid[], %b::text[], %b::text[])
    as entered (enrolment_id, lead_id, features, sealed)
on conflict do nothing
"""
LOAD = """
select enrolment_id, features, sealed from handoff.enrolments
where enrolment_id = any(%b::uuid[])
"""
FORGET = """
delete from handoff.enrolments where enrolment_id = any(%b::uuid[])
and not exists (
    select from handoff.handoffs where handoffs.enrolment_id = enrolments.enrolment_id)
"""


class Enrolment(Frozen):
    """What a handoff needs to know of an enrolment."""

    enrolment_id: UUID
    features: Features
    sealed: str


async def remember(
    conn: AsyncConnection, partition: int, entered: Sequence[CadenceEntered]
) -> None:
    """Keep what these enrolments entered with; the first time counts."""
    if entered:
        columns = (
            [fact.enrolment_id for fact in entered],
            [fact.lead_id for fact in entered],
            [fact.features.model_dump_json() for fact in entered],
            [fact.sealed for fact in entered],
        )
        await conn.execute(REMEMBER, (partition, *columns))


async def load(conn: AsyncConnection, enrolment_ids: Sequence[UUID]) -> dict[UUID, Enrolment]:
    """Those of these enrolments that are known."""
    if not enrolment_ids:
        return {}
    async with conn.cursor(binary=True, row_factory=class_row(Enrolment)) as cursor:
        await cursor.execute(LOAD, (list(enrolment_ids),))
        return {one.enrolment_id: one for one in await cursor.fetchall()}


async def forget(conn: AsyncConnection, enrolment_ids: Sequence[UUID]) -> None:
    """Let go of enrolments that ended without a handoff."""
    if enrolment_ids:
        await conn.execute(FORGET, (list(enrolment_ids),))
