"""When a lead is called back: at the moment that it was told, or in the hours of the calendar; and
where nobody called it then, on a later day, not before the same time of the day."""

from datetime import datetime, time, timedelta

from engagement.cadence.open_hours import kept
from engagement.cadence.turn import DAY, Times, Turn, within
from engagement.calendar import zones
from engagement.calendar.rules import SHORTEST
from engagement.playbook import Hours
from schemas.events.plan import TouchPlanned

CALL_BACK = "Call back, as the lead was promised"
PROMISED = "callback: at the promised moment"
MISSED = "callback: missed, not before the promised time of day"

_MINUTE = timedelta(seconds=59, microseconds=999_999)
"""What makes the next whole minute of any other moment: hours are told in minutes."""

CALLBACK_DAYS = 3
"""On so many days a call back is given that nobody makes, where the ruleset does not say."""


def promised(plan: TouchPlanned) -> bool:
    """Whether the plan is a call at a moment that the lead was told.

    Plans of releases that told no proof were all kept at their moment.
    """
    return plan.again == "callback" and plan.allowed_by in (None, PROMISED)


def owed(plan: TouchPlanned) -> bool:
    """Whether the lead was promised the call, also for a day that is over by now."""
    return promised(plan) or plan.allowed_by == MISSED


def missed(turn: Turn, moment: datetime, told_at: datetime, *, owed: bool) -> Times:
    """A callback that nobody made on its day: in the calendar's hours, not before its time of day.

    "A missed 2 pm callback may be routed on later days only at or after 2 pm" (VanillaSoft,
    support article 216598348).
    """
    window = turn.window(_not_before(turn, told_at), turn.local(moment), moment)
    due_at = min(window.opens_at + turn.playbook.speed_to_lead, window.closes_at)
    times = within(window, due_at)
    return times._replace(rule=MISSED) if owed else times


def _not_before(turn: Turn, told_at: datetime) -> Hours:
    """What is left of the calendar's hours from that time of day on; their last hour, at least."""
    hours, local = turn.open_hours, told_at.astimezone(zones.zone(turn.state.enrolment.time_zone))
    day = datetime.combine(local.date(), time.min)
    last = datetime.combine(day, hours.closes) - SHORTEST
    opens = min(local.replace(tzinfo=None) + _MINUTE, last)
    return Hours.model_validate(f"{max(opens.time(), hours.opens):%H:%M}-{hours.closes:%H:%M}")


def called(turn: Turn, moment: datetime, *, promised: bool) -> Times:
    """A callback, until the next full working day closes: at the moment that the lead was told, or
    in the hours of the calendar."""
    return _kept(turn, moment) if promised else turn.in_hours(turn.open_hours, moment)


def _kept(turn: Turn, moment: datetime) -> Times:
    window = turn.window(turn.open_hours, turn.local(moment) + DAY, moment)
    due_at, lapses_at = moment + turn.playbook.speed_to_lead, window.day_closes_at
    spans = kept(moment, due_at, turn.permitted_between(moment, lapses_at))
    return Times(moment, due_at, lapses_at, PROMISED, open_hours=spans)
