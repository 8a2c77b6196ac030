"""The handoffs themselves, and what the CRM said: table handoff.handoffs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from schemas.crm import HandoffAnswered, SalesQualifiedLead
from schemas.envelope import Event
from schemas.events.fact import Features, Frozen

State = Literal["published", "accepted", "rejected"]

RECORD = """
insert into handoff.handoffs (partition, handoff_id, enrolment_id, lead_id, result_code, rep_id,
    attempts, qualified_at, traceparent)
select * from unnest(%b::int[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[],
    %b::int[], %b::timestamptz[], %b::text[])
on conflict do nothing returning handoff_id
"""
LOCK = """
select handoff_id, lead_id, state, traceparent, clock_timestamp() as asked_at
from handoff.handoffs where handoff_id = any(%b::uuid[]) order by handoff_id for update
"""
ANSWER = """
update handoff.handoffs set state = answers.state, answered_at = answers.answered_at,
    crm = answers.crm, crm_record_id = answers.crm_record_id, reason_code = answers.reason_code
from unnest(%b::uuid[], %b::text[], %b::timestamptz[], %b::text[], %b::text[], %b::text[])
    as answers (handoff_id, state, answered_at, crm, crm_record_id, reason_code)
where handoffs.handoff_id = answers.handoff_id
"""
READ = """
select handoffs.*, features, sealed
from handoff.handoffs join handoff.enrolments using (enrolment_id) where handoff_id = %s
"""


class Asked(Frozen):
    """A handoff that an answer names, locked at `asked_at` of the database's clock."""

    handoff_id: UUID
    lead_id: UUID
    state: State
    traceparent: str | None
    asked_at: datetime


class Handoff(Frozen):
    """A row of the ledger; `sealed` is the person."""

    handoff_id: UUID
    enrolment_id: UUID
    lead_id: UUID
    result_code: str
    rep_id: str | None
    attempts: int
    qualified_at: datetime
    features: Features
    sealed: str
    state: State
    answered_at: datetime | None
    crm: str | None
    crm_record_id: str | None
    reason_code: str | None


async def record(
    conn: AsyncConnection, qualified: Sequence[tuple[int, Event[SalesQualifiedLead]]]
) -> frozenset[UUID]:
    """Write the handoffs that are new, by partition, and answer which."""
    if not qualified:
        return frozenset()
    leads = [event.data for _, event in qualified]
    columns = (
        [partition for partition, _ in qualified],
        [lead.handoff_id for lead in leads],
        [lead.enrolment_id for lead in leads],
        [lead.lead_id for lead in leads],
        [lead.result_code for lead in leads],
        [lead.rep_id for lead in leads],
        [lead.attempts for lead in leads],
        [lead.occurred_at for lead in leads],
        [event.envelope.traceparent for _, event in qualified],
    )
    cursor = await conn.execute(RECORD, columns, binary=True)
    return frozenset(id_ for (id_,) in await cursor.fetchall())


async def lock(conn: AsyncConnection, handoff_ids: Sequence[UUID]) -> dict[UUID, Asked]:
    """Those of these that exist, each locked until the transaction ends, in one order for all."""
    async with conn.cursor(binary=True, row_factory=class_row(Asked)) as cursor:
        await cursor.execute(LOCK, (list(handoff_ids),))
        return {one.handoff_id: one for one in await cursor.fetchall()}


async def answer(conn: AsyncConnection, answers: Sequence[HandoffAnswered]) -> None:
    """Write what the CRM said; each handoff at most once."""
    if answers:
        columns = (
            [one.handoff_id for one in answers],
            [reached(one) for one in answers],
            [one.at for one in answers],
            [one.crm for one in answers],
            [one.crm_record_id for one in answers],
            [one.reason_code for one in answers],
        )
        await conn.execute(ANSWER, columns)


def reached(answer: HandoffAnswered) -> State:
    """A lead that the CRM has already is as good as accepted."""
    return "rejected" if answer.status == "rejected" else "accepted"


async def read(conn: AsyncConnection, handoff_id: UUID) -> Handoff | None:
    """The handoff, if there is one."""
    async with conn.cursor(row_factory=class_row(Handoff)) as cursor:
        await cursor.execute(READ, (handoff_id,))
        return await cursor.fetchone()
