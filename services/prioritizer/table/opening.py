"""Touches that are closed between their first moment and their last: at lunch, at night, by law.

A row holds one of the times in which its touch may be made, and goes on to the next when that is
over. Nobody is given a touch out of its hours, however late a row goes on.
"""

from datetime import datetime

from psycopg import AsyncConnection

from schemas.events.plan import TouchPlanned

AT_ONCE = 200
"""Rows a transaction, so that it stays short however long nobody looked."""

_NEXT = """
    select lower(hours) as opens_at, upper(hours) as closes_at
    from unnest({of}.open_hours) as hours
    where now() < upper(hours) order by lower(hours) limit 1"""

REOPEN_LEADS = f"""
with closed as (
    select lead_id from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and lapses_at <= now() and now() < upper(open_hours)
    order by lapses_at limit %s
    for update skip locked
), coming as (
    select lead_id, opens_at, closes_at
    from closed join prioritizer.leads using (lead_id)
    cross join lateral ({_NEXT.format(of="leads")}) as next
)
update prioritizer.leads set not_before = opens_at, lapses_at = closes_at,
    anyone_from = greatest(anyone_from, opens_at)
from coming where leads.lead_id = coming.lead_id
"""  # noqa: S608 - our own words
REOPEN_AUTOMATED = f"""
with closed as (
    select lead_id from prioritizer.automated
    where lapses_at <= now() and now() < upper(open_hours)
    order by lapses_at limit %s
    for update skip locked
), coming as (
    select lead_id, opens_at, closes_at
    from closed join prioritizer.automated using (lead_id)
    cross join lateral ({_NEXT.format(of="automated")}) as next
)
update prioritizer.automated set not_before = opens_at, lapses_at = closes_at
from coming where automated.lead_id = coming.lead_id
"""  # noqa: S608 - our own words


async def reopen(conn: AsyncConnection) -> int:
    """Go on to the next time that is open; answers how many rows of the kind with most."""
    leads = await conn.execute(REOPEN_LEADS.encode(), (AT_ONCE,))
    automated = await conn.execute(REOPEN_AUTOMATED.encode(), (AT_ONCE,))
    return max(leads.rowcount, automated.rowcount)


def closes_at(plan: TouchPlanned) -> datetime:
    """When the first of its times is over."""
    return plan.open_hours[0].closes_at if plan.open_hours else plan.lapses_at


def multirange(plan: TouchPlanned) -> str | None:
    """Its open hours as PostgreSQL writes them."""
    if not plan.open_hours:
        return None
    spans = (
        f"[{one.opens_at.isoformat()},{one.closes_at.isoformat()})" for one in plan.open_hours
    )
    return f"{{{','.join(spans)}}}"
