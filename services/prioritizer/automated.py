"""The projection's side of prioritizer.automated: plans that no rep is asked to carry out."""

from collections.abc import Sequence
from uuid import UUID

from psycopg import AsyncConnection

from schemas.envelope import Event
from schemas.events.decision import TouchPlanned
from services.prioritizer.opening import closes_at, multirange

PLAN = """
insert into prioritizer.automated (lead_id, plan, plan_id, plan_event_id, traceparent, not_before,
    lapses_at, open_hours)
select lead_id, plan::jsonb, plan_id, event_id, traceparent, not_before, lapses_at,
    open_hours::tstzmultirange
from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::text[], %b::timestamptz[],
            %b::timestamptz[], %b::text[])
    as planned (lead_id, plan, plan_id, event_id, traceparent, not_before, lapses_at, open_hours)
where lead_id in (select lead_id from prioritizer.leads)
on conflict (lead_id) do update set
    plan = excluded.plan, plan_id = excluded.plan_id, plan_event_id = excluded.plan_event_id,
    traceparent = excluded.traceparent, not_before = excluded.not_before,
    lapses_at = excluded.lapses_at, open_hours = excluded.open_hours, requested_at = null
"""


async def plan(conn: AsyncConnection, planned: Sequence[Event[TouchPlanned]]) -> None:
    """Put these plans in force; each lead at most once. Leads that do not exist get none."""
    if planned:
        facts = [event.data for event in planned]
        columns = (
            [fact.lead_id for fact in facts],
            [fact.model_dump_json() for fact in facts],
            [fact.plan_id for fact in facts],
            [event.envelope.id for event in planned],
            [event.envelope.traceparent for event in planned],
            [fact.not_before for fact in facts],
            [closes_at(fact) for fact in facts],
            [multirange(fact) for fact in facts],
        )
        await conn.execute(PLAN, columns)


async def clear(conn: AsyncConnection, lead_ids: Sequence[UUID]) -> None:
    """Leave these leads without an automated plan."""
    if lead_ids:
        await conn.execute(
            "delete from prioritizer.automated where lead_id = any(%b::uuid[])", (lead_ids,)
        )
