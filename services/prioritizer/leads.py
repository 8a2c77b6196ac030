"""The projection's side of prioritizer.leads: whole batches at once, one row a lead."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor

from engagement.own import anyone_from
from engagement.playbook.queue import untouched
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered, CadenceMoved, TouchPlanned
from services.prioritizer.opening import closes_at, multirange
from services.prioritizer.ranking import Ranked, place

ENTER = """
insert into prioritizer.leads
    (partition, lead_id, team, enrolment_id, playbook_digest, features, sealed, entered_at)
select partition, lead_id, team, enrolment_id, playbook_digest, features::jsonb, sealed, entered_at
from unnest(%b::int[], %b::uuid[], %b::text[], %b::uuid[], %b::text[], %b::text[], %b::text[],
            %b::timestamptz[])
    as entered (partition, lead_id, team, enrolment_id, playbook_digest, features, sealed,
                entered_at)
on conflict (lead_id) do update set
    partition = excluded.partition, team = excluded.team, enrolment_id = excluded.enrolment_id,
    playbook_digest = excluded.playbook_digest, features = excluded.features,
    sealed = excluded.sealed, entered_at = excluded.entered_at, opened_at = null
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

_PLACE = """opened_at = told.opened_at, since = told.since, tier = told.tier,
    tier_order = told.tier_order, order_key = told.order_key, terms = told.terms::jsonb,
    tier_until = coalesce(told.tier_until, 'infinity'), later_tier = told.later_tier,
    later_order = told.later_order, later_key = told.later_key,
    later_terms = told.later_terms::jsonb"""
_PLACES = """%b::timestamptz[], %b::timestamptz[], %b::text[], %b::int[], %b::bigint[], %b::text[],
    %b::timestamptz[], %b::text[], %b::int[], %b::bigint[], %b::text[]"""
_NAMES = """opened_at, since, tier, tier_order, order_key, terms, tier_until, later_tier,
    later_order, later_key, later_terms"""

PLAN = f"""
update prioritizer.leads set
    plan = told.plan::jsonb, plan_id = told.plan_id, plan_event_id = told.event_id,
    traceparent = told.traceparent, not_before = told.not_before, lapses_at = told.lapses_at,
    for_rep = told.for_rep, anyone_from = told.anyone_from, promised = told.promised,
    begins = told.begins, open_hours = told.open_hours::tstzmultirange, {_PLACE}
from unnest(%b::uuid[], {_PLACES}, %b::text[], %b::uuid[], %b::uuid[], %b::text[],
    %b::timestamptz[], %b::timestamptz[], %b::text[], %b::timestamptz[], %b::bool[], %b::bool[],
    %b::text[])
    as told (lead_id, {_NAMES}, plan, plan_id, event_id, traceparent, not_before, lapses_at,
    for_rep, anyone_from, promised, begins, open_hours)
where leads.lead_id = told.lead_id
"""  # noqa: S608 - our own words

PLACE = f"""
update prioritizer.leads set {_PLACE}
from unnest(%b::uuid[], {_PLACES}) as told (lead_id, {_NAMES})
where leads.lead_id = told.lead_id
"""  # noqa: S608 - our own words

CLEAR = """
update prioritizer.leads set
    plan = null, plan_id = null, plan_event_id = null, traceparent = null, not_before = null,
    lapses_at = null, tier = null, tier_order = null, order_key = null, for_rep = null,
    anyone_from = null, open_hours = null, promised = false, begins = false, since = null,
    terms = null,
    tier_until = 'infinity', later_tier = null, later_order = null, later_key = null,
    later_terms = null
where lead_id = any(%b::uuid[])
returning lead_id, team
"""

SETTLE = """
with over as (
    select lead_id from prioritizer.leads
    where later_order is not null and tier_until <= now()
    order by tier_until limit %s for update skip locked
)
update prioritizer.leads set
    tier = later_tier, tier_order = later_order, order_key = later_key, terms = later_terms,
    tier_until = 'infinity', later_tier = null, later_order = null, later_key = null,
    later_terms = null
from over where leads.lead_id = over.lead_id
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
            [fact.recorded_at for fact in facts],
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


async def plan(
    conn: AsyncConnection, planned: Sequence[Event[TouchPlanned]], ranked: Mapping[UUID, Ranked]
) -> None:
    """Put these plans in force, in their places; each lead at most once, and known."""
    if planned:
        facts = [event.data for event in planned]
        columns = (
            *place([ranked[fact.lead_id] for fact in facts]),
            [fact.model_dump_json() for fact in facts],
            [fact.plan_id for fact in facts],
            [event.envelope.id for event in planned],
            [event.envelope.traceparent for event in planned],
            [fact.not_before for fact in facts],
            [closes_at(fact) for fact in facts],
            [fact.for_rep for fact in facts],
            [anyone_from(fact) for fact in facts],
            [fact.again == "callback" for fact in facts],
            [untouched(fact) for fact in facts],
            [multirange(fact) for fact in facts],
        )
        await conn.execute(PLAN.encode(), columns, binary=True)


async def replace(conn: AsyncConnection, ranked: Sequence[Ranked]) -> None:
    """Give plans that are kept the places that they have by another order; each lead once."""
    if ranked:
        await conn.execute(PLACE.encode(), place(ranked), binary=True)


async def clear(conn: AsyncConnection, lead_ids: Sequence[UUID]) -> AsyncCursor | None:
    """Leave these leads without a plan; `teams` reads the answer."""
    return await conn.execute(CLEAR, (lead_ids,), binary=True) if lead_ids else None


async def teams(cleared: AsyncCursor | None) -> dict[UUID, str]:
    """The teams of the leads that were cleared and exist."""
    return dict(await cleared.fetchall()) if cleared else {}


async def settle(conn: AsyncConnection, most: int) -> int:
    """Write down that touches went on to their later tier; answers how many, at most `most`.

    It changes no answer: each question sees by itself which place holds. Places that are over
    would only lie in its way.
    """
    return (await conn.execute(SETTLE, (most,))).rowcount
