"""What is known of the lead of each enrolment: table handoff.enrolments, whole batches at once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import orjson
from psycopg import AsyncConnection
from psycopg.rows import class_row

from schemas.events.decision import CadenceEntered, EnrolmentUpdated
from schemas.events.fact import Features, Frozen

REMEMBER = """
insert into handoff.enrolments (partition, enrolment_id, lead_id, features, sealed)
select partition, enrolment_id, lead_id, features::jsonb, sealed
from unnest(%b::int[], %b::uuid[], %b::uuid[], %b::text[], %b::text[])
    as entered (partition, enrolment_id, lead_id, features, sealed)
on conflict do nothing
"""
UPDATE = """
update handoff.enrolments set
    features = enrolments.features || told.features::jsonb,
    sealed = coalesce(told.sealed, enrolments.sealed)
from unnest(%b::uuid[], %b::text[], %b::text[]) as told (enrolment_id, features, sealed)
where enrolments.enrolment_id = told.enrolment_id
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


async def remember(conn: AsyncConnection, entered: Sequence[tuple[int, CadenceEntered]]) -> None:
    """Keep what these enrolments entered with, by partition; the first time counts."""
    if entered:
        facts = [fact for _, fact in entered]
        columns = (
            [partition for partition, _ in entered],
            [fact.enrolment_id for fact in facts],
            [fact.lead_id for fact in facts],
            [fact.features.model_dump_json() for fact in facts],
            [fact.sealed for fact in facts],
        )
        await conn.execute(REMEMBER, columns)


async def update(conn: AsyncConnection, updated: Sequence[EnrolmentUpdated]) -> None:
    """Put what was told anew in place of what they entered with, in its order."""
    if updated:
        features, sealed = _gathered(updated)
        told = [orjson.dumps(features[id_]).decode() for id_ in features]
        await conn.execute(UPDATE, ([*features], told, [sealed.get(id_) for id_ in features]))


def _gathered(
    updated: Sequence[EnrolmentUpdated],
) -> tuple[Mapping[UUID, Mapping[str, str | int | None]], Mapping[UUID, str]]:
    """What was told last of each enrolment: its features, and its person where one was told."""
    features: dict[UUID, dict[str, str | int | None]] = {}
    for fact in updated:
        features.setdefault(fact.enrolment_id, {}).update(fact.features.told)
    return features, {one.enrolment_id: one.sealed for one in updated if one.sealed is not None}


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
