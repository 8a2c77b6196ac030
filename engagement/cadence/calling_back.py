"""When a lead is called back: at the moment that it was told, or in the hours of the calendar."""

from datetime import datetime

from engagement.cadence.open_hours import kept
from engagement.cadence.turn import DAY, Times, Turn
from schemas.events.plan import TouchPlanned

CALL_BACK = "Call back, as the lead was promised"
PROMISED = "callback: at the promised moment"


def promised(plan: TouchPlanned) -> bool:
    """Whether the plan is a call at a moment that the lead was told.

    Plans of releases that told no proof were all kept at their moment.
    """
    return plan.again == "callback" and plan.allowed_by in (None, PROMISED)


def called(turn: Turn, moment: datetime, *, promised: bool) -> Times:
    """A callback, until the next full working day closes: at the moment that the lead was told, or
    in the hours of the calendar."""
    return _kept(turn, moment) if promised else turn.in_hours(turn.open_hours, moment)


def _kept(turn: Turn, moment: datetime) -> Times:
    window = turn.window(turn.open_hours, turn.local(moment) + DAY, moment)
    due_at, lapses_at = moment + turn.playbook.speed_to_lead, window.day_closes_at
    spans = kept(moment, due_at, turn.permitted_between(moment, lapses_at))
    return Times(moment, due_at, lapses_at, PROMISED, open_hours=spans)
