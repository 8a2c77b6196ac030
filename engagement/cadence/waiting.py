"""Steps that come after an interval, counted by the clock or in open time."""

from datetime import date, datetime, timedelta

from engagement.cadence.turn import DAY, Times, Turn, within
from engagement.playbook import Hours
from engagement.playbook.interval import Interval


def after_days(turn: Turn, interval: Interval) -> date:
    """The last day of the interval; today is not part of it."""
    days = interval.days or 0
    return _open_day(turn, days) if interval.business else turn.later(turn.today, days)


def after_minutes(turn: Turn, interval: Interval, hours: Hours) -> Times:
    """In the first window after the interval, due as soon as it opens."""
    wait = timedelta(minutes=interval.clock_minutes)
    moment = _open_moment(turn, wait) if interval.business else turn.since + wait
    moment = max(moment, turn.now)
    window = turn.window(hours, turn.local(moment), moment)
    return within(window, window.opens_at)


def _open_day(turn: Turn, days: int) -> date:
    day = turn.today
    for _ in range(days):
        window = next(turn.windows(turn.open_hours, day + DAY))
        day = turn.local(window.opens_at)
    return day


def _open_moment(turn: Turn, wait: timedelta) -> datetime:
    moment = turn.since
    for window in turn.windows(turn.open_hours, turn.today):
        moment = max(moment, window.opens_at)
        if moment + wait <= window.closes_at:
            break
        wait -= max(window.closes_at - moment, timedelta(0))
    return moment + wait
