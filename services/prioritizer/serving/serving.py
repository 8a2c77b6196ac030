"""The question "who is next?", answered by the database's clock in one statement."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from services.prioritizer import facts
from services.prioritizer.callers import Rep
from services.prioritizer.claims import refusals
from services.prioritizer.claims.hand_sql import PLACES_OF_TEAM
from services.prioritizer.claims.in_hand import Given, Taken, in_hand, told
from services.prioritizer.people import facts as people_facts
from services.prioritizer.people.presence import Attendance, check_working
from services.prioritizer.polling.overdue import end_overdue, expire, tell_ended
from services.prioritizer.reading import refusals as reading_refusals
from services.prioritizer.serving.claim_sql import CLAIM, PICK
from services.prioritizer.serving.here_sql import LOCK_REP
from services.prioritizer.serving.limit_sql import REACHED, limit
from services.prioritizer.table.playbooks import Playbooks
from services.runtime.doors.problem import Problem
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres.connections import Connections
from services.runtime.process.metrics import CLAIMS
from services.runtime.vault import Vault

ENTERED = "select playbook_digest from prioritizer.leads where lead_id = %s and team = %s"
LOCK_TEAM = """
select pg_advisory_xact_lock(hashtextextended('prioritizer.limits/' || team, 0))
from prioritizer.limits where team = %s and num_nonnulls(new_a_day, active_leads) > 0
"""
# The count of the team's leads is then the next statement's, with nobody else between.
LIMITED = f"""
with {REACHED}
select limits_.* from prioritizer.queue cross join lateral ({limit("queue")}) as limits_
where lead_id = %(lead_id)s and team = %(team)s
"""  # noqa: S608 - our own words


class Answer(Taken):
    """What the rep is given; `fresh` if the claim was made just now, `arrived_at` if asking for it
    clocked the rep in."""

    fresh: bool
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Serving:
    """Gives each rep as many leads at a time as a rep may hold, by default one; then the last one
    again, until the rep ends a claim."""

    pool: Connections
    vault: Vault
    outbox: Outbox
    lease: timedelta
    playbooks: Playbooks = field(default_factory=Playbooks)
    attendance: Attendance = field(default_factory=Attendance)

    async def next(self, rep: Rep) -> Given | None:
        """The lead that this rep should work now; None while no lead of the team is due.

        Raises Problem 409 for a rep who does not work now.
        """
        async with self.pool.connection() as conn:
            await conn.execute(LOCK_REP, (rep.rep_id,))
            ended = await end_overdue(conn)
            await conn.execute(LOCK_TEAM, (rep.team,))
            # Of a rep's two questions at once, one looked before the other's claim was there.
            answer = await self._ask(conn, rep) or await self._ask(conn, rep)
            await tell_ended(conn, self.outbox, ended)
            if answer is None:
                await self._arrived(conn, rep, await check_working(conn, rep, self.attendance))
                CLAIMS.labels("none-due").inc()
                return None
            return await self._given(conn, rep, answer)

    async def pick(self, rep: Rep, lead_id: UUID) -> Given:
        """The lead that the rep chose from a list; asked again, the same claim.

        Raises Problem: 404 for a lead that is not the team's, 403 where its playbook lets nobody
        pick, 409 where it is not ready, the rep holds another, or does not work now.
        """
        async with self.pool.connection() as conn:
            await conn.execute(LOCK_REP, (rep.rep_id,))
            await expire(conn, self.outbox)
            await self._check_picking(conn, rep, lead_id)
            await conn.execute(LOCK_TEAM, (rep.team,))
            answer = await self._ask(conn, rep, lead_id)
            if answer is None:
                await check_working(conn, rep, self.attendance)
                raise await self._not_given(conn, rep, lead_id)
            if answer.lead_id != lead_id:
                raise refusals.another_in_hand(answer)
            return await self._given(conn, rep, answer)

    async def in_hand(self, rep: Rep) -> tuple[Given, ...]:
        """What the rep holds, the last one first; looking takes none."""
        async with self.pool.connection() as conn:
            return await in_hand(conn, self.vault, rep.rep_id)

    async def places(self, rep: Rep) -> int:
        """How many leads the rep may hold at a time."""
        async with self.pool.connection() as conn:
            row = await (await conn.execute(PLACES_OF_TEAM, (rep.team,))).fetchone()
        return row[0] if row else 1

    async def _given(self, conn: AsyncConnection, rep: Rep, answer: Answer) -> Given:
        await self._arrived(conn, rep, answer.arrived_at)
        if answer.fresh:
            await self.outbox.append(conn, [facts.claimed(answer)])
        CLAIMS.labels("claimed" if answer.fresh else "claimed-again").inc()
        return told(self.vault, answer)

    async def _arrived(self, conn: AsyncConnection, rep: Rep, at: datetime | None) -> None:
        if at is not None:
            row = people_facts.changed("clocked-in", rep.rep_id, rep.team, at, at)
            await self.outbox.append(conn, [row])

    async def _not_given(self, conn: AsyncConnection, rep: Rep, lead_id: UUID) -> Problem:
        asked = {"rep_id": rep.rep_id, "team": rep.team, "lead_id": lead_id}
        reached = await (await conn.execute(LIMITED.encode(), asked)).fetchone()
        return refusals.limit_reached(*reached) if reached else refusals.not_ready(lead_id)

    async def _check_picking(self, conn: AsyncConnection, rep: Rep, lead_id: UUID) -> None:
        cursor = await conn.execute(ENTERED, (lead_id, rep.team))
        entered = await cursor.fetchone()
        if entered is None:
            raise reading_refusals.unknown_lead(lead_id)
        playbook = await self.playbooks.get(conn, entered[0])
        if playbook is None or not playbook.picking:
            raise refusals.picking_not_allowed()

    async def _ask(
        self, conn: AsyncConnection, rep: Rep, picked: UUID | None = None
    ) -> Answer | None:
        asked = {
            "rep_id": rep.rep_id,
            "team": rep.team,
            "lease": self.lease,
            "picked": picked,
            "present": self.attendance.lasts,
            "demanded": self.attendance.demanded,
        }
        async with conn.cursor(row_factory=class_row(Answer)) as cursor:
            # Prepared at once: to plan it takes several times as long as to answer it.
            await cursor.execute((PICK if picked else CLAIM).encode(), asked, prepare=True)
            return await cursor.fetchone()
