"""The queue as a small model knows it: leads, and who holds whom."""

from dataclasses import dataclass, field
from uuid import UUID

from services.prioritizer.callers import Rep
from tests.integration.prioritizer.decisions import Lead


@dataclass
class Known:
    """A lead as the model knows it: its plan is open while `plan` is there and not answered."""

    lead: Lead
    place: int
    plan: UUID | None
    answered: UUID | None = None
    fence: int = 0
    holder: "Hold | None" = None
    back: set[tuple[str, UUID | None]] = field(default_factory=set)

    def free_for(self, rep: Rep) -> bool:
        """Whether the rep may be given it."""
        return (
            self.plan is not None
            and self.plan != self.answered
            and self.holder is None
            and (rep.rep_id, self.plan) not in self.back
        )


@dataclass
class Hold:
    """A claim as the model knows it; `out`: its lease is over."""

    known: Known
    rep: Rep
    id: UUID
    fence: int
    plan: UUID
    state: str = "open"
    out: bool = False

    @property
    def untold(self) -> bool:
        """Whether its touch can be told."""
        known = self.known
        late = known.fence == self.fence and known.plan == self.plan != known.answered
        return self.state == "open" or (self.state == "expired" and late and known.holder is None)
