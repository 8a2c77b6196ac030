"""What a rep does with the queue, each as work that Once can do within its own transaction."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.prioritizer.answers import Ended, Lease, NextLead
from services.prioritizer.callers import Rep
from services.prioritizer.connections import Connections
from services.prioritizer.holding import Disposition, Holding
from services.prioritizer.once import Answer, Work
from services.prioritizer.serving import Serving


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

    def next(self, rep: Rep) -> Work:
        """Ask for the next lead."""

        async def work(connections: Connections) -> Answer:
            given = await replace(self.serving, pool=connections).next(rep)
            return (given.claim.lead_id, NextLead.of(given)) if given else None

        return work

    def pick(self, rep: Rep, lead_id: UUID) -> Work:
        """Take this lead from the list."""

        async def work(connections: Connections) -> Answer:
            given = await replace(self.serving, pool=connections).pick(rep, lead_id)
            return lead_id, NextLead.of(given)

        return work

    def renew(self, rep: Rep, held: Held) -> Work:
        """Hold the lead for another lease."""

        async def work(connections: Connections) -> Answer:
            holding = replace(self.holding, pool=connections)
            claim = await holding.renew(rep.rep_id, held.claim_id, held.fence)
            return claim.lead_id, Lease.of(claim)

        return work

    def release(self, rep: Rep, held: Held, reason: str) -> Work:
        """Give the lead back."""

        async def work(connections: Connections) -> Answer:
            holding = replace(self.holding, pool=connections)
            claim = await holding.release(rep.rep_id, held.claim_id, held.fence, reason)
            return claim.lead_id, Ended.of(claim)

        return work

    def dispose(self, rep: Rep, held: Held, end: Disposition) -> Work:
        """Say how the touch went."""

        async def work(connections: Connections) -> Answer:
            holding = replace(self.holding, pool=connections)
            claim = await holding.dispose(rep.rep_id, held.claim_id, held.fence, end)
            return claim.lead_id, Ended.of(claim)

        return work
