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
"""How long a mail under way is left alone: longer than a mail server may take (SMTP_SECONDS)."""

TAKE = """
with due as (
    select plan_id from sender.mails where state = 'waiting' and next_at <= now()
    order by next_at limit %s
    for update skip locked
)
update sender.mails set attempts = attempts + 1,
    next_at = now() + %s * power(2, least(attempts, 8))
from due where mails.plan_id = due.plan_id
returning request, request_id, traceparent, now() >= lapses_at as late,
    exists (select from sender.unsubscribed where unsubscribed.lead_id = mails.lead_id) as unwanted
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
on conflict do nothing returning at
"""


class Mail(Frozen):
    """A mail that this process may send now, and nobody else for a LEASE.

    `late`: its touch has lapsed. `unwanted`: the lead wants no e-mail any more.
    """

    request: TouchRequested
    request_id: UUID
    traceparent: str | None
    late: bool
    unwanted: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a mail."""

    state: End
    reason: str | None = None


async def take(conn: AsyncConnection, limit: int) -> Sequence[Mail]:
    """The mails to be sent next, oldest first; each attempt waits twice as long as the last."""
    async with conn.cursor(row_factory=class_row(Mail)) as cursor:
        await cursor.execute(TAKE, (limit, LEASE))
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


async def unsubscribe(conn: AsyncConnection, plan_id: UUID, lead_id: UUID) -> datetime | None:
    """Write that the lead wants no e-mail; the moment, or None for the second time."""
    cursor = await conn.execute(UNSUBSCRIBE, (plan_id, lead_id))
    row = await cursor.fetchone()
    return row[0] if row else None
