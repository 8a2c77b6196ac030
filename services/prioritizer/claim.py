"""One hold of a lead by a rep, as it lies in the table, and what may still be done with it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schemas.events.decision import TouchPlanned
from schemas.events.fact import Frozen
from services.prioritizer.why import Why

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
    """A claim about which its rep asks, at `asked_at`."""

    asked_at: datetime

    @property
    def held(self) -> bool:
        """Whether the rep still holds the lead, by the database's clock."""
        return self.state == "open" and self.asked_at < self.leased_until


class Closed(Claim):
    """A claim that ended: by release or disposition with an outcome, by expiry without."""

    closed_at: datetime
