"""One hold of a lead by a rep, as it lies in the table, and what may still be done with it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schemas.events.fact import Frozen
from schemas.events.plan import TouchPlanned
from services.prioritizer.claims.why import Why

State = Literal["open", "released", "expired", "disposed", "left"]


class Claim(Frozen):
    """A row of prioritizer.claims. Times are the database's."""

    claim_id: UUID
    lead_id: UUID
    rep_id: str
    fence: int
    plan: TouchPlanned
    plan_event_id: UUID
    traceparent: str | None
    why: Why
    claimed_at: datetime
    leased_until: datetime
    state: State
    closed_at: datetime | None
    outcome: str | None
    callback_at: datetime | None


class Asked(Claim):
    """A claim about which its rep asks, at `asked_at`.

    `withdrawn`: the lead's plan is another by now, or none. `untouched_since`: nobody was given
    the lead after this claim, and its plan still waits for an answer.
    """

    asked_at: datetime
    withdrawn: bool
    untouched_since: bool

    @property
    def held(self) -> bool:
        """Whether the rep still holds the lead, by the database's clock."""
        return self.state == "open" and self.asked_at < self.leased_until

    @property
    def untold(self) -> bool:
        """Whether the lease ran out, and the touch that was made in it can still be told."""
        return self.state == "open" or (self.state == "expired" and self.untouched_since)


class Closed(Claim):
    """A claim that ended: by release or disposition with an outcome, by expiry without."""

    closed_at: datetime
