"""The ledger of mails: table sender.mails. What is taken is committed before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from schemas.events.fact import Frozen
from schemas.events.request import TouchRequested

End = Literal["sent", "bounced", "unsent"]

LEASE: Final = timedelta(minutes=2)
"""How long a mail under way is left alone: longer than a mail server may take
(SESSION_SECONDS)."""

UNDER_WAY: Final = timedelta(days=1)
"""How long after somebody unsubscribed a request may be one of before: the cadence has heard of
it long since, and asks for no mail. What it asks for later, after another consent, is sent."""

TAKE = """
with due as (
    select plan_id from sender.mails where state = 'waiting' and next_at <= now()
    order by next_at limit %s
    for update skip locked
)
update sender.mails set attempts = attempts + 1,
    next_at = now() + %s * power(2, least(attempts, 8))
from due where mails.plan_id = due.plan_id
returning request, request_id, traceparent, now() >= lapses_at as late, withdrawn,
    exists (select from sender.unsubscribed where unsubscribed.lead_id = mails.lead_id
        and (request ->> 'recorded_at')::timestamptz < at + %s) as unwanted
"""
WITHDRAW = """
update sender.mails set withdrawn = true where plan_id = any(%b::uuid[]) and state = 'waiting'
"""
END = """
update sender.mails set state = %s, reason = %s, ended_at = clock_timestamp()
where plan_id = %s and state = 'waiting' returning ended_at
"""
BOUNCE = """
update sender.mails set state = 'bounced', reason = %s, ended_at = clock_timestamp()
where plan_id = %s and state = 'sent' returning lead_id, traceparent, ended_at
"""
UNSUBSCRIBE = """
insert into sender.unsubscribed (plan_id, lead_id)
select plan_id, lead_id from sender.mails where plan_id = %s and lead_id = %s
on conflict (plan_id) do update set at = excluded.at, times = unsubscribed.times + 1
where unsubscribed.at + %s <= excluded.at
returning at, times
"""


class Mail(Frozen):
    """A mail that this process may send now, and nobody else for a LEASE.

    `late`: its touch has lapsed. `withdrawn`: the cadence has gone on, or has ended. `unwanted`:
    the lead unsubscribed, and the request may have been under way.
    """

    request: TouchRequested
    request_id: UUID
    traceparent: str | None
    late: bool
    withdrawn: bool
    unwanted: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a mail."""

    state: End
    reason: str | None = None


async def take(conn: AsyncConnection, limit: int) -> Sequence[Mail]:
    """The mails to be sent next, oldest first; each attempt waits twice as long as the last."""
    async with conn.cursor(row_factory=class_row(Mail)) as cursor:
        await cursor.execute(TAKE, (limit, LEASE, UNDER_WAY))
        return await cursor.fetchall()


async def end(conn: AsyncConnection, plan_id: UUID, ended: Ended) -> datetime | None:
    """Write what became of it; the moment, or None where another process wrote that before."""
    cursor = await conn.execute(END, (ended.state, ended.reason, plan_id))
    row = await cursor.fetchone()
    return row[0] if row else None


async def bounce(
    conn: AsyncConnection, plan_id: UUID, status: str
) -> tuple[UUID, str | None, datetime] | None:
    """Write that a mail which was sent came back: its lead, trace and the moment.

    None where it was written before, or no such mail was sent.
    """
    cursor = await conn.execute(BOUNCE, (f"status {status}", plan_id))
    return await cursor.fetchone()


async def withdraw(conn: AsyncConnection, plan_ids: Sequence[UUID]) -> None:
    """Let these mails go out no more, where the mail server has them not yet."""
    if plan_ids:
        await conn.execute(WITHDRAW, (plan_ids,), binary=True)


async def unsubscribe(
    conn: AsyncConnection, plan_id: UUID, lead_id: UUID
) -> tuple[datetime, int] | None:
    """Write that the lead wants no e-mail: the moment, and how often this mail's link said so.

    None where it said so within UNDER_WAY before.
    """
    cursor = await conn.execute(UNSUBSCRIBE, (plan_id, lead_id, UNDER_WAY))
    return await cursor.fetchone()
