"""While a whole team is off, the cadences of its leads pause: no step is lost to a day on which
nobody could take it, and what is moved lies as far apart after the return as it did before.

So do the own touches of a rep who is off, where no colleague is there to make them. A lead that
enters meanwhile, or whose next touch comes up, is found like the others. What tools do by
themselves goes on.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg import AsyncConnection

from engagement.time_off import Closure
from services.prioritizer import facts
from services.runtime.outbox.outbox import Outbox

AT_ONCE = 200
"""Rows a transaction, so that it stays short however long nobody looked."""

SILENT_DAYS = 7
"""A colleague who was not heard of for so long, over a weekend and a holiday, is none."""

_TEAM = """
    select distinct on (team) team, null as rep_id, time_off_id, begins_at, ends_at
    from prioritizer.time_off
    where rep_id is null and begins_at <= now() and now() < ends_at
    order by team, ends_at desc, time_off_id"""
_ALONE = f"""
    select distinct on (team, rep_id) team, rep_id, time_off_id, begins_at, ends_at
    from prioritizer.time_off as own
    where rep_id is not null and begins_at <= now() and now() < ends_at and not exists (
        select from prioritizer.presence as colleague
        where colleague.team = own.team and colleague.rep_id <> own.rep_id
          and now() < colleague.until + interval '{SILENT_DAYS} days' and not exists (
            select from prioritizer.time_off as theirs
            where theirs.team = own.team and theirs.rep_id = colleague.rep_id
              and theirs.begins_at <= now() and now() < theirs.ends_at))
    order by team, rep_id, ends_at desc, time_off_id"""  # noqa: S608 - a number of ours


# By index, from the touch that opens first: those that were paused open after the time off.
def _find(off: str, whose: str) -> bytes:
    return f"""
with off as ({off}
), idle as (
    select found.lead_id, off.time_off_id, off.begins_at, off.ends_at from off cross join lateral (
        select lead_id from prioritizer.leads
        where {whose} and not_before < off.ends_at
          and plan_id is not null and answered_plan_id is distinct from plan_id
          and claim_id is null and off_plan_id is distinct from plan_id
        order by not_before, lead_id limit %(most)s for update skip locked
    ) as found limit %(most)s
)
update prioritizer.leads set off_plan_id = plan_id, off_id = idle.time_off_id,
    off_opens_at = not_before, off_waits = begins or promised
from idle where leads.lead_id = idle.lead_id
returning leads.lead_id, plan_id, plan_event_id, traceparent, time_off_id, begins_at, ends_at,
    not_before, begins or promised, clock_timestamp()
""".encode()  # noqa: S608 - our own words


FIND = (
    _find(_TEAM, "leads.team = off.team"),
    _find(_ALONE, "leads.team = off.team and leads.for_rep = off.rep_id"),
)
"""What is a team's that is off, and what is one rep's who is off and has no colleague there."""


class Idle(NamedTuple):
    """A plan that nobody is there for, until the time off ends."""

    lead_id: UUID
    plan_id: UUID
    plan_event_id: UUID
    traceparent: str | None
    time_off_id: UUID
    begins_at: datetime
    ends_at: datetime
    not_before: datetime
    waits: bool
    found_at: datetime

    @property
    def until(self) -> datetime:
        """When its cadence goes on."""
        return Closure(self.begins_at, self.ends_at).goes_on(self.not_before, waits=self.waits)


async def pause(conn: AsyncConnection, outbox: Outbox) -> int:
    """Pause what nobody is there for, as long as that is so; how many, at most AT_ONCE of each."""
    return max([await _pause(conn, outbox, find) for find in FIND])


async def _pause(conn: AsyncConnection, outbox: Outbox, find: bytes) -> int:
    cursor = await conn.execute(find, {"most": AT_ONCE})
    idle = [Idle(*row) for row in await cursor.fetchall()]
    if idle:
        await outbox.append(
            conn, [facts.paused(one, one.time_off_id, one.until, one.found_at) for one in idle]
        )
    return len(idle)
