"""What ends by itself: leases that ran out, and plans that nobody answered in time.

Each row is taken by one caller at a time (SKIP LOCKED) and waits for nobody, so any number may
call, and none can be part of a deadlock.
"""

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row

from services.prioritizer import facts
from services.prioritizer.claims.claim import Closed
from services.prioritizer.facts import Lapse
from services.runtime.outbox.outbox import Outbox
from services.runtime.process.metrics import CLAIMS

AT_ONCE = 200
"""Rows a transaction, so that it stays short however long nobody looked."""

EXPIRE = """
with overdue as (
    select claims.claim_id, claims.lead_id
    from prioritizer.claims join prioritizer.leads using (lead_id)
    where state = 'open' and leased_until <= now()
    order by leased_until limit %s
    for update skip locked
), freed as (
    update prioritizer.leads set claim_id = null
    from overdue where leads.lead_id = overdue.lead_id
)
update prioritizer.claims set state = 'expired', closed_at = clock_timestamp()
from overdue where claims.claim_id = overdue.claim_id
returning claims.*
"""

LAPSE = """
with lapsed as (
    select lead_id from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and lapses_at <= now() and (open_hours is null or upper(open_hours) <= now())
    order by lapses_at limit %s
    for update skip locked
)
update prioritizer.leads set answered_plan_id = plan_id
from lapsed where leads.lead_id = lapsed.lead_id
returning leads.lead_id, plan_id, plan_event_id, traceparent, lapses_at, clock_timestamp()
"""


async def expire(conn: AsyncConnection, outbox: Outbox) -> int:
    """End the claims whose lease ran out, oldest first; answers how many, at most AT_ONCE."""
    return await tell_ended(conn, outbox, await end_overdue(conn))


async def end_overdue(conn: AsyncConnection) -> AsyncCursor[Closed]:
    """The same, to be told by `tell_ended`: other statements can be sent before it is answered."""
    cursor = conn.cursor(row_factory=class_row(Closed))
    return await cursor.execute(EXPIRE, (AT_ONCE,))


async def tell_ended(conn: AsyncConnection, outbox: Outbox, ended: AsyncCursor[Closed]) -> int:
    """Tell of the claims that `end_overdue` ended; answers how many."""
    claims = await ended.fetchall()
    if claims:
        await outbox.append(conn, [facts.expired(claim) for claim in claims])
        CLAIMS.labels("expired").inc(len(claims))
    return len(claims)


async def lapse(conn: AsyncConnection, outbox: Outbox) -> int:
    """Tell the cadence of plans that lapsed, oldest first; answers how many, at most AT_ONCE.

    A lead in a rep's hands is left alone: the touch is being made.
    """
    cursor = await conn.execute(LAPSE, (AT_ONCE,))
    lapses = [Lapse(*row) for row in await cursor.fetchall()]
    if lapses:
        await outbox.append(conn, [facts.lapsed(one) for one in lapses])
    return len(lapses)
