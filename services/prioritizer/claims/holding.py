"""What a rep may do with a lead in hand: keep it longer, give it back, or say how it went."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from schemas.events.fact import Channel
from services.prioritizer import facts
from services.prioritizer.claims import callbacks, refusals
from services.prioritizer.claims.claim import Asked, Claim, Closed
from services.prioritizer.claims.holding_sql import CLOSE, LOCK, RENEW
from services.prioritizer.claims.skips import SKIPS, check_skips
from services.prioritizer.people.presence import Attendance
from services.prioritizer.table.playbooks import Playbooks
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres.connections import Connections
from services.runtime.process.metrics import CLAIMS
from services.runtime.vault import Vault, seal


@dataclass(frozen=True, slots=True)
class Disposition:
    """How the touch went, and when the rep promised to call back, aware.

    Without a channel it was made on the planned one.
    """

    result_code: str
    channel: Channel | None
    note: str | None
    callback_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """Every method needs the fence that the claim was given with, and raises Problem:
    404 for a claim that is not the rep's, 409 for a stale fence, a lost lease or another end.

    Ending a claim again in the same way gives the same answer.
    """

    pool: Connections
    vault: Vault
    outbox: Outbox
    lease: timedelta
    skips_a_day: int = SKIPS
    attendance: Attendance = field(default_factory=Attendance)
    playbooks: Playbooks = field(default_factory=Playbooks)

    async def renew(self, rep_id: str, claim_id: UUID, fence: int) -> Claim:
        """The claim, held for a whole lease from now.

        Raises Problem 409 where the touch is not wanted any more: the lead opted out, say.
        """
        async with self.pool.connection() as conn:
            claim = await self._asked(conn, rep_id, claim_id, fence)
            _check_held(claim)
            if claim.withdrawn:
                raise refusals.plan_withdrawn()
            async with conn.cursor(row_factory=class_row(Claim)) as cursor:
                await cursor.execute(RENEW, (self.lease, claim_id))
                renewed = await cursor.fetchone()
        assert renewed is not None  # noqa: S101 - its row is locked
        CLAIMS.labels("renewed").inc()
        return renewed

    async def release(self, rep_id: str, claim_id: UUID, fence: int, reason: str) -> Claim:
        """Free the lead for other reps; this one is not given the same touch again.

        Raises Problem 429 where the rep gave back `skips_a_day` leads within 24 hours; never where
        the touch is not wanted any more.
        """
        async with self.pool.connection() as conn:
            claim = await self._asked(conn, rep_id, claim_id, fence)
            if _ended(claim) == ("released", reason, None):
                return claim
            _check_held(claim)
            if not claim.withdrawn:
                await check_skips(conn, rep_id, self.skips_a_day)
            closed = await _close(conn, claim, "released", reason)
            await self.outbox.append(conn, [facts.released(closed, reason)])
        CLAIMS.labels("released").inc()
        return closed

    async def dispose(self, rep_id: str, claim_id: UUID, fence: int, end: Disposition) -> Claim:
        """Log the touch; its plan is answered.

        Also after the lease ran out, for as long as nobody was given the lead since and the touch
        is still to be made: it was made, and is not to be made twice.

        Raises Problem 422 for a code not offered, and for a callback that is not to come, or that
        the code would not keep.
        """
        async with self.pool.connection() as conn:
            claim = await self._asked(conn, rep_id, claim_id, fence)
            if end.result_code not in claim.plan.result_codes:
                raise refusals.unknown_result_code(claim.plan.result_codes)
            if _ended(claim) == ("disposed", end.result_code, end.callback_at):
                return claim
            if not claim.untold:
                _check_held(claim)
            await self._check_promise(conn, claim, end)
            closed = await _close(conn, claim, "disposed", end.result_code, end.callback_at)
            channel, note = end.channel or claim.plan.channel, await self._sealed(conn, claim, end)
            rows = facts.disposed(closed, end.result_code, channel, note)
            await self.outbox.append(conn, rows)
        CLAIMS.labels("disposed").inc()
        return closed

    async def _asked(
        self, conn: AsyncConnection, rep_id: str, claim_id: UUID, fence: int
    ) -> Asked:
        async with conn.cursor(row_factory=class_row(Asked)) as cursor:
            await cursor.execute(LOCK, (self.attendance.lasts, rep_id, claim_id, rep_id))
            claim = await cursor.fetchone()
        if claim is None:
            raise refusals.unknown_claim(claim_id)
        if claim.fence != fence:
            raise refusals.stale_fence(claim)
        return claim

    async def _check_promise(self, conn: AsyncConnection, claim: Asked, end: Disposition) -> None:
        """After the check for a repeat: a promise that was accepted may be past by then."""
        if end.callback_at is not None:
            playbook = await self.playbooks.get(conn, claim.why.playbook_digest)
            callbacks.check_time(end.callback_at, claim.asked_at)
            callbacks.check_kept(end.result_code, claim.plan.result_codes, playbook)

    async def _sealed(self, conn: AsyncConnection, claim: Claim, end: Disposition) -> str | None:
        """The note, sealed; nothing is kept of a note on a person who was erased."""
        if end.note is None:
            return None
        key = (await self.vault.keys(conn, [claim.lead_id])).get(claim.lead_id)
        return seal(key, claim.lead_id, end.note.encode()) if key else None


async def _close(
    conn: AsyncConnection,
    claim: Asked,
    state: Literal["released", "disposed"],
    outcome: str,
    callback_at: datetime | None = None,
) -> Closed:
    changes = {
        "claim_id": claim.claim_id,
        "lead_id": claim.lead_id,
        "fence": claim.fence,
        "rep_id": claim.rep_id,
        "plan_id": claim.plan.plan_id,
        "state": state,
        "outcome": outcome,
        "callback_at": callback_at,
        "answered": state == "disposed",
        "excused": state == "released" and claim.withdrawn,
    }
    async with conn.cursor(row_factory=class_row(Closed)) as cursor:
        await cursor.execute(CLOSE, changes)
        closed = await cursor.fetchone()
    assert closed is not None  # noqa: S101 - its row is locked
    return closed


def _ended(claim: Asked) -> tuple[str, str | None, datetime | None]:
    return claim.state, claim.outcome, claim.callback_at


def _check_held(claim: Asked) -> None:
    if claim.state in ("released", "disposed", "left"):
        raise refusals.already_closed(claim)
    if not claim.held:
        raise refusals.lease_lost(claim)
