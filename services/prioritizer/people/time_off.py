"""Time off, known before it begins: of one rep, or of the whole team.

Nobody is given a lead in it. What was one rep's goes to the team meanwhile, promised calls at
their time, so that a return finds no pile. While a whole team is off its leads are paused
(team_off.py), and go on early should the time off end early (early_return.py).
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row
from pydantic import AwareDatetime

from schemas.events.fact import Frozen, Text
from schemas.events.people import TimeOffRemoved, TimeOffSet
from services.prioritizer.people import facts as people_facts
from services.prioritizer.people import refusals as people_refusals
from services.prioritizer.settings import NAME
from services.runtime.access.roles import Caller
from services.runtime.outbox.outbox import Outbox, Row
from services.runtime.postgres.connections import Connections

ENTER = """
insert into prioritizer.time_off (team, rep_id, begins_at, ends_at, recorded_by)
values (%s, %s, %s, %s, %s)
returning time_off_id as id, rep_id, begins_at, ends_at, team, now() as told_at
"""
LIST = """
select time_off_id as id, rep_id, begins_at, ends_at from prioritizer.time_off
where team = %s and now() < ends_at order by ends_at, time_off_id limit 1000
"""
# What has begun is kept, over from now on: leads may be paused for it.
END = """
with mine as (
    select * from prioritizer.time_off
    where time_off_id = %s and team = %s and (%s or rep_id = %s) and now() < ends_at for update
), begun as (
    update prioritizer.time_off set ends_at = now(), was_to_end_at = mine.ends_at
    from mine where time_off.time_off_id = mine.time_off_id and mine.begins_at < now()
), coming as (
    delete from prioritizer.time_off using mine
    where time_off.time_off_id = mine.time_off_id and now() <= mine.begins_at
)
select time_off_id as id, rep_id, begins_at, ends_at, team, now() as told_at from mine
"""


class TimeOff(Frozen):
    """From `begins_at` to before `ends_at`; without a rep, the whole team's."""

    id: UUID
    rep_id: Text | None
    begins_at: AwareDatetime
    ends_at: AwareDatetime


class Told(TimeOff):
    """The same as it was entered or ended: whose team's, and when."""

    team: str
    told_at: datetime

    @property
    def off(self) -> TimeOff:
        """The time off itself."""
        return TimeOff.model_validate(self.model_dump())

    def row(self, class_: type[TimeOffSet | TimeOffRemoved], told_by: str) -> Row:
        """What the log is told of it."""
        fact = class_(
            **self.model_dump(include={"rep_id", "begins_at", "ends_at", "team"}),
            time_off_id=self.id,
            told_by=told_by,
            occurred_at=self.told_at,
            recorded_at=self.told_at,
        )
        return people_facts.row(fact, str(self.id))


@dataclass(frozen=True, slots=True)
class TimesOff:
    """Of the caller's team: reps enter and end their own, managers everybody's.

    What is entered or ended is a fact in the log, in the same transaction.
    """

    pool: Connections
    outbox: Outbox = field(default_factory=lambda: Outbox(NAME))

    async def enter(
        self, caller: Caller, rep_id: str | None, begins_at: AwareDatetime, ends_at: AwareDatetime
    ) -> TimeOff:
        """Enter it. Raises Problem 403 where a rep speaks for others."""
        if "manager" not in caller.roles and rep_id != caller.subject:
            raise people_refusals.not_your_time_off()
        what = (caller.team, rep_id, begins_at, ends_at, caller.subject)
        (entered,) = await self._told(caller, ENTER, what, TimeOffSet)
        return entered

    async def end(self, caller: Caller, time_off_id: UUID) -> TimeOff:
        """Take it out, from now on. Raises Problem 404 where the caller may end no such one, or it
        is over."""
        what = (time_off_id, caller.team, "manager" in caller.roles, caller.subject)
        ended = await self._told(caller, END, what, TimeOffRemoved)
        if not ended:
            raise people_refusals.unknown_time_off(time_off_id)
        return ended[0]

    async def coming(self, caller: Caller) -> tuple[TimeOff, ...]:
        """What is not over yet, in the order in which it ends."""
        async with (
            self.pool.connection() as conn,
            conn.cursor(row_factory=class_row(TimeOff)) as cursor,
        ):
            await cursor.execute(LIST, (caller.team,))
            return tuple(await cursor.fetchall())

    async def _told(
        self,
        caller: Caller,
        sql: str,
        what: tuple[object, ...],
        class_: type[TimeOffSet | TimeOffRemoved],
    ) -> list[TimeOff]:
        async with self.pool.connection() as conn:
            async with conn.cursor(row_factory=class_row(Told)) as cursor:
                await cursor.execute(sql.encode(), what)
                found = await cursor.fetchall()
            rows = [one.row(class_, caller.subject) for one in found]
            await self.outbox.append(conn, rows)
        return [one.off for one in found]
