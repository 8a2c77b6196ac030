"""When a time off is ended early, the leads that were paused for it go on early, too.

Each comes when it would have come had the time off been entered with that end: what was to be made
later stays at its own moment, and all else lies as far apart after the return as it did before.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg import AsyncConnection

from engagement.time_off import Closure
from services.prioritizer import facts
from services.runtime.outbox.outbox import Outbox

AT_ONCE = 200
"""Rows a transaction, so that it stays short however many leads a team has."""

FIND = """
with back as (
    select found.lead_id, early.time_off_id, early.begins_at, early.ends_at
    from prioritizer.time_off as early cross join lateral (
        select lead_id from prioritizer.leads where off_id = early.time_off_id
        order by lead_id limit %(most)s for update skip locked
    ) as found where now() < early.was_to_end_at limit %(most)s
)
update prioritizer.leads set off_id = null
from back where leads.lead_id = back.lead_id
returning leads.lead_id, off_plan_id, plan_event_id, traceparent, back.time_off_id, begins_at,
    ends_at, off_opens_at, off_waits, clock_timestamp()
"""


class Back(NamedTuple):
    """A lead that was paused at this plan for a time off that is over."""

    lead_id: UUID
    plan_id: UUID
    plan_event_id: UUID | None
    traceparent: str | None
    time_off_id: UUID
    begins_at: datetime
    ended_at: datetime
    opens_at: datetime
    waits: bool
    found_at: datetime

    @property
    def goes_on_at(self) -> datetime:
        """When its cadence goes on."""
        return Closure(self.begins_at, self.ended_at).goes_on(self.opens_at, waits=self.waits)


async def resume(conn: AsyncConnection, outbox: Outbox) -> int:
    """Let go on what waits for a time off that was ended early; how many, at most AT_ONCE."""
    cursor = await conn.execute(FIND, {"most": AT_ONCE})
    back = [Back(*row) for row in await cursor.fetchall()]
    if back:
        rows = [
            facts.resumed(one, one.time_off_id, one.ended_at, one.goes_on_at, one.found_at)
            for one in back
        ]
        await outbox.append(conn, rows)
    return len(back)
