"""The team's queue at a glance: how much waits, how long new leads wait, who holds whom."""

from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from engagement.playbook.queue import PLACES
from schemas.events.fact import Frozen
from services.prioritizer.order_sql import in_order

MOST_COUNTED = 1_000
"""Leads of a tier and of a rule are counted up to here, so that a look costs the same always."""

WINDOWS = (5, 15, 30, 60)
"""Minutes within which a new lead should be touched: the usual marks of speed to lead."""

_WAITING = in_order(
    "prioritizer.{}",
    "tier, not_before, since, order_key",
    "team = %(team)s and tier_order = tiers.tier_order",
    "order_key",
    MOST_COUNTED,
)

READY = f"""
select tier, count(*) as leads, min(not_before) as since,
    count(*) filter (where age < 5) as within_5,
    count(*) filter (where age >= 5 and age < 15) as within_15,
    count(*) filter (where age >= 15 and age < 30) as within_30,
    count(*) filter (where age >= 30 and age < 60) as within_60,
    count(*) filter (where age >= 60) as later
from unnest(%(orders)s::int[]) as tiers (tier_order) cross join lateral (
    select tier, not_before, extract(epoch from now() - waiting.since) / 60 as age
    from ({_WAITING}) as waiting
) as leads
group by tiers.tier_order, tier order by tiers.tier_order
"""  # noqa: S608 - our own words
HELD = """
select rep_id, lead_id, claimed_at, leased_until
from prioritizer.claims join prioritizer.leads using (lead_id)
where state = 'open' and now() < leased_until and team = %(team)s
order by claimed_at limit 200
"""
KEPT_BACK = f"""
select rule, count(*) as leads, min(not_before) as returns_at from (
    select rule, not_before from prioritizer.waiting where team = %(team)s
    order by not_before, lead_id limit {MOST_COUNTED}
) as first group by rule order by rule
"""  # noqa: S608 - our own words


class Depth(Frozen):
    """A tier's leads that are ready, by the minutes that they have waited."""

    tier: str
    leads: int
    since: datetime
    within_5: int
    within_15: int
    within_30: int
    within_60: int
    later: int


class Hold(Frozen):
    """A lead in a rep's hands."""

    rep_id: str
    lead_id: UUID
    claimed_at: datetime
    leased_until: datetime


class KeptBack(Frozen):
    """Leads that a rule keeps back, and when the first returns."""

    rule: str
    leads: int
    returns_at: datetime


class Board(Frozen):
    """The team's queue at one moment."""

    depths: list[Depth]
    holds: list[Hold]
    kept_back: list[KeptBack]


async def look(conn: AsyncConnection, team: str) -> Board:
    """The team's queue now."""
    asked = {"team": team, "orders": list(range(PLACES))}
    async with conn.cursor(row_factory=class_row(Depth)) as depths:
        await depths.execute(READY.encode(), asked)
        async with conn.cursor(row_factory=class_row(Hold)) as holds:
            await holds.execute(HELD.encode(), asked)
            async with conn.cursor(row_factory=class_row(KeptBack)) as kept_back:
                await kept_back.execute(KEPT_BACK.encode(), asked)
                return Board(
                    depths=await depths.fetchall(),
                    holds=await holds.fetchall(),
                    kept_back=await kept_back.fetchall(),
                )
