"""The working hours of one rep, which stand for those of the rep's team.

Outside them the rep is given no lead, and the rep's own touches are the team's at their time, as
on a day off: promised calls, too, as it was known before that the rep would not be there.
"""

from dataclasses import dataclass, field
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.errors import InvalidParameterValue
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from engagement.playbook.team import WorkingHours
from schemas.events.fact import Frozen, Text
from schemas.events.people import RepHoursFact, RepHoursRemoved, RepHoursSet
from services.prioritizer.people import facts as people_facts
from services.prioritizer.people import refusals as people_refusals
from services.prioritizer.settings import NAME
from services.runtime.access.roles import Caller
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres.connections import Connections

# A row alone where something changed; asked at once whether the database can tell the time there.
SET = """
insert into prioritizer.rep_hours as known (team, rep_id, shift) values (%s, %s, %s)
on conflict (team, rep_id) do update set shift = excluded.shift
    where known.shift <> excluded.shift
returning now(), prioritizer.works(shift, now())
"""
REMOVE = """
delete from prioritizer.rep_hours where team = %s and rep_id = %s returning now(), shift
"""
LIST = """
select rep_id, shift as hours from prioritizer.rep_hours
where team = %s order by rep_id limit 1000
"""


class RepHours(Frozen):
    """When the rep works, whatever the hours of the team are."""

    rep_id: Text
    hours: WorkingHours


@dataclass(frozen=True, slots=True)
class HoursOfReps:
    """Of the caller's team: reps change their own, managers everybody's.

    A change is a fact in the log, in the same transaction; what is said again is none.
    """

    pool: Connections
    outbox: Outbox = field(default_factory=lambda: Outbox(NAME))

    async def set(self, caller: Caller, rep_id: str, hours: WorkingHours) -> RepHours:
        """From now on the rep works in these hours.

        Raises Problem 403 where a rep speaks for others, 422 for a zone of which PostgreSQL does
        not know the time.
        """
        told = _told(caller, rep_id)
        shift = hours.model_dump(mode="json")
        async with self.pool.connection() as conn:
            try:
                changed = await _changed(conn, SET, caller.team, rep_id, Jsonb(shift))
            except InvalidParameterValue:
                raise people_refusals.zone_not_known(hours.time_zone) from None
            if changed:
                await self._tell(conn, RepHoursSet, changed, told | shift)
        return RepHours(rep_id=rep_id, hours=hours)

    async def remove(self, caller: Caller, rep_id: str) -> RepHours:
        """The team's hours hold for the rep again; answers which were the rep's.

        Raises Problem 403 where a rep speaks for others, 404 where there are none.
        """
        told = _told(caller, rep_id)
        async with self.pool.connection() as conn:
            row = await (await conn.execute(REMOVE, (caller.team, rep_id))).fetchone()
            if row is None:
                raise people_refusals.no_own_hours(rep_id)
            await self._tell(conn, RepHoursRemoved, row[0], told)
        return RepHours(rep_id=rep_id, hours=row[1])

    async def all(self, caller: Caller) -> tuple[RepHours, ...]:
        """Everybody of the team who has hours of the rep's own, by id."""
        async with (
            self.pool.connection() as conn,
            conn.cursor(row_factory=class_row(RepHours)) as cursor,
        ):
            await cursor.execute(LIST, (caller.team,))
            return tuple(await cursor.fetchall())

    async def _tell(
        self, conn: AsyncConnection, class_: type[RepHoursFact], at: datetime, told: dict[str, str]
    ) -> None:
        fact = class_.model_validate(told | {"occurred_at": at, "recorded_at": at})
        await self.outbox.append(
            conn, [people_facts.row(fact, fact.team, fact.rep_id, at.isoformat())]
        )


def _told(caller: Caller, rep_id: str) -> dict[str, str]:
    if "manager" not in caller.roles and rep_id != caller.subject:
        raise people_refusals.not_your_hours()
    return {"team": caller.team or "", "rep_id": rep_id, "told_by": caller.subject}


async def _changed(conn: AsyncConnection, sql: str, *what: object) -> datetime | None:
    row = await (await conn.execute(sql.encode(), what)).fetchone()
    return row[0] if row else None
