"""When a step is taken: by its day, after an interval, or with the step before it."""

from datetime import date, datetime
from functools import lru_cache

from engagement.cadence.exact import due_in, window_of
from engagement.cadence.open_hours import several
from engagement.cadence.state import Active
from engagement.cadence.turn import DAY, Times, Turn
from engagement.cadence.waiting import after_days, after_minutes
from engagement.calendar.window import Window
from engagement.playbook import Cadence, Step
from engagement.playbook.interval import Interval
from schemas.events.lead import EnrolmentMoved
from schemas.events.plan import Again
from schemas.events.touch import TouchLapsed, TouchLogged


def times(turn: Turn, number: int) -> Times:
    """The moments of step `number`."""
    cadence, before = turn.cadence, turn.state.step
    leader = cadence.leaders[number - 1]
    step = cadence.steps[leader]
    if before == 0 and not _waits(step) and not goes_over_touched(turn.state):
        return _first(turn, step, turn.now)
    if before and cadence.leaders[before - 1] == leader:
        return _with_previous(turn, step, first=leader == 0)
    return _on_its_day(turn, step) if step.after is None else _after(turn, step, step.after)


def as_planned(turn: Turn, number: int, moment: datetime) -> Times:
    """The moments of step `number` when its first plan was to open at this moment."""
    leader = turn.cadence.leaders[number - 1]
    step = turn.cadence.steps[leader]
    window = _window_around(turn, step, moment, turn.local(moment))
    within_it = number > 1 and (
        turn.playbook.first_touch == "in-hours" or window.opens_at == moment
    )
    moved_there = goes_over_touched(turn.state) and not isinstance(turn.cause, EnrolmentMoved)
    first = begins(turn, number) and not within_it and not moved_there
    if first or (moment < window.opens_at and not _waits(step)):  # or the first that was left
        return _first(turn, step, moment)
    times = due_in(window._replace(opens_at=moment), step)
    in_minutes = step.after is not None and step.after.days is None
    return times._replace(due_at=moment) if in_minutes and leader == number - 1 else times


def once_more_planned(
    turn: Turn, number: int, moment: datetime, again: Again | None = None
) -> Times:
    """The moments of step `number` when another plan of it was to open at this moment."""
    step = turn.cadence.steps[number - 1]
    window = _window_around(turn, step, moment, turn.local(moment))
    if moment < window.opens_at and (begins(turn, number) or not _waits(step)):
        at_once = _first(turn, step, moment)  # another rep's by now, it was to be made at once
        return at_once._replace(lapses_at=min(at_once.lapses_at, window.day_closes_at))
    return due_in(window._replace(opens_at=moment), step, again)


def begins(turn: Turn, number: int) -> bool:
    """Whether step `number` is taken as soon as the lead comes in."""
    leader = turn.cadence.leaders[number - 1]
    return leader == 0 and not _waits(turn.cadence.steps[leader])


def goes_over_touched(state: Active) -> bool:
    """Whether people moved a lead that was touched: its first step there is not made at once."""
    return state.moved_at is not None and state.attempts > 0


def shares_its_day(cadence: Cadence, index: int) -> bool:
    """Whether this step may come on the day on which the one before it was made.

    None comes after the last one, at which a lead may have been paused when it was made.
    """
    if index == 0 or index == len(cadence.leaders):
        return False
    before, leader = cadence.leaders[index - 1], cadence.leaders[index]
    one, other = cadence.steps[before], cadence.steps[leader]
    soon = other.after is not None and other.after.days is None
    return before == leader or soon or (other.day is not None and one.day == other.day)


def _waits(step: Step) -> bool:
    """Whether a lead has to wait even for its first touch: `hours` alone hold nobody up."""
    return step.at is not None or step.part is not None or step.after is not None


def _first(turn: Turn, step: Step, now: datetime) -> Times:
    """The first touch, as soon as the playbook lets it be made."""
    if turn.playbook.first_touch == "in-hours":
        return turn.in_hours(turn.playbook.hours_of(step), now)
    return _at_once(turn, now)


def _at_once(turn: Turn, now: datetime) -> Times:
    """The first touch, at any hour that the law leaves; until the next full working day closes."""
    moment, law, denied = turn.permitted_from(now)
    window = turn.window(turn.open_hours, turn.local(moment) + DAY, moment)
    rule = _speed(turn.playbook.speed_to_lead_minutes, law)
    due_at, lapses_at = moment + turn.playbook.speed_to_lead, window.day_closes_at
    lawful = several(turn.permitted_between(moment, lapses_at))
    return Times(moment, due_at, lapses_at, rule, denied, lawful)


@lru_cache(maxsize=256)
def _speed(minutes: int, law: str | None) -> str:
    rule = f"speed_to_lead_minutes: {minutes}"
    return rule if law is None else f"{rule}; {law}"


def _with_previous(turn: Turn, step: Step, *, first: bool) -> Times:
    """At the moment of the touch before it: in what is left of its window, however little."""
    lapsed = isinstance(turn.cause, TouchLapsed)
    any_hour = turn.playbook.first_touch != "in-hours"
    if first and any_hour and not lapsed and not _waits(step):
        return _at_once(turn, turn.now)
    moment = _moment_of_previous(turn)
    day = turn.today if moment == turn.now else turn.local(moment)
    window = _window_around(turn, step, moment, day)
    return due_in(window._replace(opens_at=max(moment, window.opens_at)), step)


def _moment_of_previous(turn: Turn) -> datetime:
    """Now; of a touch that is left out before its turn, the moment at which that was to come."""
    over = isinstance(turn.cause, TouchLogged | TouchLapsed | EnrolmentMoved)
    return turn.now if over else max(turn.now, turn.state.not_before or turn.now)


def _window_around(turn: Turn, step: Step, moment: datetime, day: date) -> Window:
    """The window in which the moment lies, however late; the next one where it lies in none."""
    windows = turn.windows(turn.playbook.hours_of(step), day)
    return next(window for window in windows if window.closes_at > moment)


def _after(turn: Turn, step: Step, interval: Interval) -> Times:
    if interval.days is None:
        return after_minutes(turn, interval, turn.playbook.hours_of(step))
    return due_in(window_of(turn, step, after_days(turn, interval), turn.now), step)


def _on_its_day(turn: Turn, step: Step) -> Times:
    """In the first window that its day, the clock and the last touch leave.

    A missed window slides. Steps of different days never meet on one day: nothing catches up.
    """
    nominal = turn.later(turn.state.day_one, (step.day or 1) - 1)
    day = max(nominal, _earliest(turn, step))
    return due_in(window_of(turn, step, day, turn.now), step)


def _earliest(turn: Turn, step: Step) -> date:
    before, cadence = turn.state.step, turn.cadence
    if before == 0 and not goes_over_touched(turn.state):
        return turn.today
    same_day = before > 0 and cadence.steps[cadence.leaders[before - 1]].day == step.day
    if same_day or _was_open(turn):
        return turn.today
    tomorrow = turn.today + DAY
    return tomorrow if step.gap_days is None else max(tomorrow, _rested(turn, step.gap_days))


def _rested(turn: Turn, days: int) -> date:
    """The first day after the days of rest that follow the last touch.

    Of a lead that people moved nobody remembers its day: its first day has moved on with it.
    """
    moved = isinstance(turn.cause, EnrolmentMoved)
    return turn.today if moved else turn.later(turn.state.opens_on, days + 1)


def _was_open(turn: Turn) -> bool:
    """Whether a move takes the place of a touch whose day has come: no other was made on it."""
    return isinstance(turn.cause, EnrolmentMoved) and turn.state.opens_on <= turn.today
