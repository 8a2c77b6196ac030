"""The projection's side of prioritizer.automated: plans that no rep is asked to carry out."""

from collections.abc import Sequence
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor

from schemas.envelope import Event
from schemas.events.decision import CadenceMoved
from schemas.events.plan import TouchPlanned
from services.prioritizer.table.opening import closes_at, multirange

PLAN = """
insert into prioritizer.automated (lead_id, plan, plan_id, plan_event_id, traceparent, not_before,
    lapses_at, open_hours, team)
select lead_id, planned.plan::jsonb, planned.plan_id, event_id, planned.traceparent,
    planned.not_before, planned.lapses_at, planned.open_hours::tstzmultirange, team
from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::text[], %b::timestamptz[],
            %b::timestamptz[], %b::text[])
    as planned (lead_id, plan, plan_id, event_id, traceparent, not_before, lapses_at, open_hours)
join prioritizer.leads using (lead_id)
on conflict (lead_id) do update set
    plan = excluded.plan, plan_id = excluded.plan_id, plan_event_id = excluded.plan_event_id,
    traceparent = excluded.traceparent, not_before = excluded.not_before,
    lapses_at = excluded.lapses_at, open_hours = excluded.open_hours, team = excluded.team,
    requested_at = case when automated.plan_id = excluded.plan_id then automated.requested_at end
"""
MOVE = """
update prioritizer.automated set team = moved.team
from unnest(%b::uuid[], %b::text[]) as moved (lead_id, team)
where automated.lead_id = moved.lead_id
"""
REPLACED = """
select automated.plan from prioritizer.automated
join unnest(%b::uuid[], %b::uuid[]) as planned (lead_id, plan_id) using (lead_id)
where requested_at is not null and automated.plan_id <> planned.plan_id
for update of automated
"""
CLEAR = """
delete from prioritizer.automated where lead_id = any(%b::uuid[])
returning plan, requested_at is not null
"""


async def plan(
    conn: AsyncConnection, planned: Sequence[Event[TouchPlanned]]
) -> list[TouchPlanned]:
    """Put these plans in force; each lead at most once. Leads that do not exist get none.

    Answers the plans that tools were asked for and that are in force no longer.
    """
    if not planned:
        return []
    facts = [event.data for event in planned]
    leads, plans = [fact.lead_id for fact in facts], [fact.plan_id for fact in facts]
    cursor = await conn.execute(REPLACED, (leads, plans), binary=True)
    replaced = [TouchPlanned.model_validate(told) for (told,) in await cursor.fetchall()]
    columns = (
        leads,
        [fact.model_dump_json() for fact in facts],
        plans,
        [event.envelope.id for event in planned],
        [event.envelope.traceparent for event in planned],
        [fact.not_before for fact in facts],
        [closes_at(fact) for fact in facts],
        [multirange(fact) for fact in facts],
    )
    await conn.execute(PLAN, columns)
    return replaced


async def move(conn: AsyncConnection, moved: Sequence[CadenceMoved]) -> None:
    """Bring the automated touches of these leads to the teams of their versions."""
    if moved:
        columns = [fact.lead_id for fact in moved], [fact.team for fact in moved]
        await conn.execute(MOVE, columns, binary=True)


async def clear(conn: AsyncConnection, lead_ids: Sequence[UUID]) -> AsyncCursor | None:
    """Leave these leads without an automated plan; `requested` reads the answer."""
    return await conn.execute(CLEAR, (lead_ids,), binary=True) if lead_ids else None


async def requested(cleared: AsyncCursor | None) -> list[TouchPlanned]:
    """The plans that were cleared, tools were asked for, and are in force no longer."""
    told = await cleared.fetchall() if cleared else []
    return [TouchPlanned.model_validate(one) for one, asked in told if asked]
