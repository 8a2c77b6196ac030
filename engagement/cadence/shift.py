"""How the touches of a lead shift when it enters by another version of its playbook."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engagement.cadence.timeline import entering, timeline
from engagement.playbook import Playbook
from engagement.playbook.alignment import aligned
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned


@dataclass(frozen=True, slots=True)
class Shift:
    """The same touch under both versions; nothing where one of them does not make it."""

    old: TouchPlanned | None
    new: TouchPlanned | None

    @property
    def by(self) -> timedelta | None:
        """How much later the touch may be made; nothing where it is made by one version only."""
        if self.old is None or self.new is None:
            return None
        return self.new.not_before - self.old.not_before


def shifts(
    old: Playbook, new: Playbook, cadence: str, features: Features, entered_at: datetime
) -> tuple[Shift, ...]:
    """The two timelines of a lead that enters this cadence, which both have, side by side.

    Raises ValueError as `timeline` does.
    """
    was, is_ = (
        {plan.step: plan for plan in timeline(entering(one, cadence), features, entered_at)}
        for one in (old, new)
    )
    return tuple(
        Shift(
            None if i is None else was.get(i + 1),
            None if j is None else is_.get(j + 1),
        )
        for i, j in aligned(old.cadence[cadence].steps, new.cadence[cadence].steps)
    )
