"""How long a touch is one rep's alone."""

from datetime import datetime, timedelta

from schemas.events.plan import TouchPlanned

GRACE = timedelta(hours=1)
"""How long after it is due a touch stays its own rep's: then any rep of the team is given it, so
that no promise is lost because a rep is away."""

LAST_CALL = timedelta(minutes=30)
"""How long before it lapses a touch is any rep's at the latest, even within the grace: one that is
due when it lapses would otherwise never reach the team."""


def anyone_from(plan: TouchPlanned) -> datetime:
    """From when on any rep of the team may be given the touch."""
    if plan.for_rep is None:
        return plan.not_before
    return min(plan.due_at + GRACE, plan.lapses_at - LAST_CALL)
