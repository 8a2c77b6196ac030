"""The projection's side of prioritizer.leads: whole batches at once, one row a lead."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from psycopg import AsyncConnection

from engagement.priority import rank
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered, CadenceMoved, TouchPlanned
from services.prioritizer.opening import closes_at, multirange

GRACE = timedelta(hours=1)
"""How long after it is due a touch stays its own rep's: then any rep of the team is given it, so
that no promise is lost because a rep is away."""

LAST_CALL = timedelta(minutes=30)
"""How long before it lapses a touch is any rep's at the latest, even within the grace: one that is
due when it lapses would otherwise never reach the team."""

ENTER = """
insert into prioritizer.leads
    (partition, lead_id, team, enrolment_id, playbook_digest, features, sealed)
select partition, lead_id, team, enrolment_id, playbook_digest, features::jsonb, sealed
from unnest(%b::int[], %b::uuid[], %b::text[], %b::uuid[], %b::text[], %b::text[], %b::text[])
    as entered (partition, lead_id, team, enrolment_id, playbook_digest, features, sealed)
on conflict (lead_id) do update set
    partition = excluded.partition, team = excluded.team, enrolment_id = excluded.enrolment_id,
    playbook_digest = excluded.playbook_digest, features = excluded.features,
    sealed = excluded.sealed
"""

MOVE = """
update prioritizer.leads set
    team = moved.team, playbook_digest = moved.playbook_digest, features = moved.features
from (
    select lead_id, team, playbook_digest, features::jsonb
    from unnest(%b::uuid[], %b::text[], %b::text[], %b::text[])
        as told (lead_id, team, playbook_digest, features)
) as moved
where leads.lead_id = moved.lead_id
"""

PLAN = """
update prioritizer.leads set
    plan = planned.plan::jsonb, plan_id = planned.plan_id, plan_event_id = planned.event_id,
    traceparent = planned.traceparent, not_before = planned.not_before,
    lapses_at = planned.lapses_at, tier = planned.tier, tier_order = planned.tier_order,
    order_key = planned.order_key, for_rep = planned.for_rep, anyone_from = planned.anyone_from,
    open_hours = planned.open_hours::tstzmultirange
from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::text[], %b::timestamptz[],
            %b::timestamptz[], %b::text[], %b::int[], %b::bigint[], %b::text[],
            %b::timestamptz[], %b::text[])
    as planned (lead_id, plan, plan_id, event_id, traceparent, not_before, lapses_at, tier,
                tier_order, order_key, for_rep, anyone_from, open_hours)
where leads.lead_id = planned.lead_id
returning leads.lead_id, leads.team
"""

CLEAR = """
update prioritizer.leads set
    plan = null, plan_id = null, plan_event_id = null, traceparent = null, not_before = null,
    lapses_at = null, tier = null, tier_order = null, order_key = null, for_rep = null,
    anyone_from = null, open_hours = null
where lead_id = any(%b::uuid[])
returning lead_id, team
"""


async def enter(
    conn: AsyncConnection, entered: Sequence[tuple[int, Event[CadenceEntered]]]
) -> None:
    """Make or renew the rows of leads that entered a cadence, by partition; each lead once."""
    facts = [event.data for _, event in entered]
    if facts:
        columns = (
            [partition for partition, _ in entered],
            [fact.lead_id for fact in facts],
            [fact.team for fact in facts],
            [fact.enrolment_id for fact in facts],
            [fact.playbook_digest for fact in facts],
            [fact.features.model_dump_json() for fact in facts],
            [fact.sealed for fact in facts],
        )
        await conn.execute(ENTER, columns)


async def move(conn: AsyncConnection, moved: Sequence[CadenceMoved]) -> None:
    """Bring these leads to the teams of their versions; each lead at most once."""
    if moved:
        columns = (
            [fact.lead_id for fact in moved],
            [fact.team for fact in moved],
            [fact.playbook_digest for fact in moved],
            [fact.features.model_dump_json() for fact in moved],
        )
        await conn.execute(MOVE, columns, binary=True)


async def plan(conn: AsyncConnection, planned: Sequence[Event[TouchPlanned]]) -> dict[UUID, str]:
    """Put these plans in force, ranked; each lead at most once. The teams of leads that exist."""
    if not planned:
        return {}
    facts = [event.data for event in planned]
    ranks = [rank(fact) for fact in facts]
    columns = (
        [fact.lead_id for fact in facts],
        [fact.model_dump_json() for fact in facts],
        [fact.plan_id for fact in facts],
        [event.envelope.id for event in planned],
        [event.envelope.traceparent for event in planned],
        [fact.not_before for fact in facts],
        [closes_at(fact) for fact in facts],
        [one.tier for one in ranks],
        [one.tier_order for one in ranks],
        [one.order_key for one in ranks],
        [fact.for_rep for fact in facts],
        [_anyone_from(fact) for fact in facts],
        [multirange(fact) for fact in facts],
    )
    return dict(await (await conn.execute(PLAN, columns, binary=True)).fetchall())


async def clear(conn: AsyncConnection, lead_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Leave these leads without a plan. The teams of those that exist."""
    if not lead_ids:
        return {}
    return dict(await (await conn.execute(CLEAR, (lead_ids,), binary=True)).fetchall())


def _anyone_from(plan: TouchPlanned) -> datetime:
    if plan.for_rep is None:
        return plan.not_before
    return min(plan.due_at + GRACE, plan.lapses_at - LAST_CALL)
