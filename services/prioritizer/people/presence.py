"""Who works now: reps clock in, pause and leave; whoever is not heard of for a while is absent.

Absent reps are given no lead. A rep who leaves gives back the lead in hand, and own touches go to
the team: promised calls after the usual grace, all others at once. Time is the database's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from psycopg import AsyncConnection
from psycopg.rows import class_row
from pydantic import AwareDatetime

from engagement.playbook.team import WorkingHours
from schemas.events.fact import Frozen, Text
from services.prioritizer import facts
from services.prioritizer.callers import Rep
from services.prioritizer.claims.claim import Closed
from services.prioritizer.people import facts as people_facts
from services.prioritizer.people import refusals as people_refusals
from services.prioritizer.polling.overdue import expire
from services.prioritizer.serving.here_sql import CLOSED, LOCK_REP
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres.connections import Connections
from services.runtime.process.metrics import CLAIMS

Word = Literal["clocked-in", "paused", "left"]
"""What a rep says of itself."""

PAUSE = timedelta(hours=1)
"""How long a pause lasts at most: a meal and the way there. Then the rep is absent."""

_SHIFT = """(
    select shift from prioritizer.rep_hours as own
    where own.team = {of}.team and own.rep_id = {of}.rep_id) as hours"""
SAY = f"""
insert into prioritizer.presence as known (rep_id, team, state, since, until)
values (%(rep_id)s, %(team)s, %(state)s, now(), now() + %(lasts)s)
on conflict (rep_id) do update set
    team = excluded.team, state = excluded.state, until = excluded.until,
    since = case when known.team = excluded.team and known.state = excluded.state
        and (known.state = 'left' or now() < known.until)
        then known.since else excluded.since end
returning rep_id, state, since, until, now() as asked_at, {_SHIFT.format(of="known")}
"""  # noqa: S608 - our own words
LEAVE = """
with mine as (
    select claim_id, lead_id from prioritizer.claims
    where rep_id = %(rep_id)s and state = 'open' for update
), freed as (
    update prioritizer.leads set claim_id = null
    from mine where leads.lead_id = mine.lead_id and leads.claim_id = mine.claim_id
)
update prioritizer.claims set state = 'left', closed_at = clock_timestamp()
from mine where claims.claim_id = mine.claim_id
returning claims.*
"""
_KNOWN = f"""
select rep_id, state, since, until, now() as asked_at, {_SHIFT.format(of="presence")}
from prioritizer.presence"""  # noqa: S608 - our own words
ONE = f"{_KNOWN} where rep_id = %s"
TEAM = f"{_KNOWN} where team = %s order by rep_id limit 1000"
WHY_NONE = f"""
select (select max(ends_at) from prioritizer.time_off
        where team = %(team)s and (rep_id = %(rep_id)s or rep_id is null)
          and begins_at <= now() and now() < ends_at),
    state, now() < until, now(), since, closed.shift, closed.own
from (select) as asked left join prioritizer.presence on rep_id = %(rep_id)s
left join ({CLOSED} limit 1) as closed on true
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Attendance:
    """How long a sign of life holds, and whether reps must clock in before they are given leads.

    Where they need not, asking for a lead clocks in whoever does not pause.
    """

    lasts: timedelta = timedelta(minutes=15)
    demanded: bool = False


class Attending(Frozen):
    """What the queue knows of a rep; `absent` from `until` on.

    `hours` are the rep's own, in which alone leads are given; none, the team's hold.
    """

    rep_id: Text
    state: Literal["clocked-in", "paused", "left", "absent"]
    since: AwareDatetime
    until: AwareDatetime
    hours: WorkingHours | None


class Row(Frozen):
    """A row of prioritizer.presence, as it was at `asked_at`."""

    rep_id: str
    state: Word | Literal["absent"]
    since: datetime
    until: datetime
    asked_at: datetime
    hours: WorkingHours | None

    @property
    def standing(self) -> Attending:
        """The same, where silence counts as absence."""
        gone = self.state != "left" and self.until <= self.asked_at
        told = self.model_dump() | ({"state": "absent"} if gone else {})
        return Attending.model_validate(told)


@dataclass(frozen=True, slots=True)
class Presence:
    """Takes the reps' word, and tells the team's."""

    pool: Connections
    outbox: Outbox
    attendance: Attendance

    async def say(self, rep: Rep, word: Word) -> Attending:
        """The rep clocked in, pauses, or leaves; repeated, it holds for longer, and is no fact.

        Its row is locked first, as questions do: a lead is given before a rep leaves, and goes
        back, or not at all.
        """
        lasts = {"clocked-in": self.attendance.lasts, "paused": PAUSE, "left": timedelta()}
        said = {"rep_id": rep.rep_id, "team": rep.team, "state": word, "lasts": lasts[word]}
        async with self.pool.connection() as conn:
            await conn.execute(LOCK_REP, (rep.rep_id,))
            if word == "left":
                await expire(conn, self.outbox)
            async with conn.cursor(row_factory=class_row(Row)) as cursor:
                await cursor.execute(SAY.encode(), said)
                row = await cursor.fetchone()
            assert row is not None  # noqa: S101 - an upsert without a condition returns its row
            if row.since == row.asked_at:
                told = people_facts.changed(word, rep.rep_id, rep.team, row.since, row.asked_at)
                await self.outbox.append(conn, [told])
            if word == "left":
                await self._hand_back(conn, rep)
        return row.standing

    async def of(self, rep: Rep) -> Attending | None:
        """What is known of the rep; nothing where it never clocked in."""
        async with (
            self.pool.connection() as conn,
            conn.cursor(row_factory=class_row(Row)) as cursor,
        ):
            await cursor.execute(ONE.encode(), (rep.rep_id,))
            row = await cursor.fetchone()
        return row.standing if row else None

    async def team(self, team: str) -> tuple[Attending, ...]:
        """Everybody of the team who ever clocked in, by id."""
        async with (
            self.pool.connection() as conn,
            conn.cursor(row_factory=class_row(Row)) as cursor,
        ):
            await cursor.execute(TEAM.encode(), (team,))
            return tuple(row.standing for row in await cursor.fetchall())

    async def _hand_back(self, conn: AsyncConnection, rep: Rep) -> None:
        async with conn.cursor(row_factory=class_row(Closed)) as cursor:
            await cursor.execute(LEAVE, {"rep_id": rep.rep_id})
            closed = await cursor.fetchall()
        if closed:
            await self.outbox.append(conn, [facts.left(claim) for claim in closed])
            CLAIMS.labels("left").inc(len(closed))


async def check_working(
    conn: AsyncConnection, rep: Rep, attendance: Attendance
) -> datetime | None:
    """Since when the rep works, where it began by asking now.

    Raises Problem 409 where this rep is given no lead at all, and says why.
    """
    asked = {"rep_id": rep.rep_id, "team": rep.team}
    row = await (await conn.execute(WHY_NONE.encode(), asked)).fetchone()
    assert row is not None  # noqa: S101 - a left join keeps its row
    off_until, state, fresh, now, since, shift, own = row
    if off_until is not None:
        raise people_refusals.off_work(off_until)
    if shift is not None:
        begins_at = WorkingHours.model_validate(shift).begins_after(now)
        raise people_refusals.outside_hours(begins_at, own=own)
    if state == "paused" and fresh:
        raise people_refusals.pausing()
    if attendance.demanded and not (state == "clocked-in" and fresh):
        raise people_refusals.not_clocked_in()
    return now if since == now else None
