"""What a rep does with the queue, each as work that Once can do within its own transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from services.prioritizer.answers import Ended, Lease, NextLead
from services.prioritizer.callers import Rep
from services.prioritizer.claims.claim import Claim
from services.prioritizer.claims.holding import Disposition, Holding
from services.prioritizer.people.presence import Presence, Word
from services.prioritizer.serving.nobody import limited
from services.prioritizer.serving.serving import Serving
from services.runtime.doors.once import Answer, Work
from services.runtime.postgres.connections import Connections

ASK_AGAIN_SECONDS: Final = "2"


@dataclass(frozen=True, slots=True)
class Held:
    """A claim as its rep names it."""

    claim_id: UUID
    fence: int


@dataclass(frozen=True, slots=True)
class Desk:
    """Raises what Serving and Holding raise."""

    serving: Serving
    holding: Holding
    presence: Presence

    def say(self, rep: Rep, word: Word) -> Work:
        """Clock in, pause, or leave."""

        async def work(connections: Connections) -> Answer:
            return Answer(await replace(self.presence, pool=connections).say(rep, word))

        return work

    def next(self, rep: Rep) -> Work:
        """Ask for the next lead."""

        async def work(connections: Connections) -> Answer:
            given = await replace(self.serving, pool=connections).next(rep)
            if given:
                return Answer(NextLead.of(given), given.claim.lead_id)
            async with connections.connection() as conn:
                limit = await limited(conn, rep)
            again = {"Retry-After": ASK_AGAIN_SECONDS}
            return Answer(None, headers=again | (limit.headers if limit else {}))

        return work

    def pick(self, rep: Rep, lead_id: UUID) -> Work:
        """Take this lead from the list."""

        async def work(connections: Connections) -> Answer:
            given = await replace(self.serving, pool=connections).pick(rep, lead_id)
            return Answer(NextLead.of(given), lead_id)

        return work

    def renew(self, rep: Rep, held: Held) -> Work:
        """Hold the lead for another lease."""
        return self._on_claim(
            lambda holding: holding.renew(rep.rep_id, held.claim_id, held.fence), Lease.of
        )

    def release(self, rep: Rep, held: Held, reason: str) -> Work:
        """Give the lead back."""
        return self._on_claim(
            lambda holding: holding.release(rep.rep_id, held.claim_id, held.fence, reason),
            Ended.of,
        )

    def dispose(self, rep: Rep, held: Held, end: Disposition) -> Work:
        """Say how the touch went."""
        return self._on_claim(
            lambda holding: holding.dispose(rep.rep_id, held.claim_id, held.fence, end), Ended.of
        )

    def _on_claim(
        self, act: Callable[[Holding], Awaitable[Claim]], told: Callable[[Claim], BaseModel]
    ) -> Work:
        async def work(connections: Connections) -> Answer:
            claim = await act(replace(self.holding, pool=connections))
            return Answer(told(claim), claim.lead_id)

        return work
