"""The window of a step. An exact time is one moment of a day: past it, another day's is taken."""

from datetime import UTC, date, datetime

from engagement.cadence.turn import DAY, Times, Turn, within
from engagement.calendar.window import Denied, Window
from engagement.playbook import Step
from schemas.events.plan import Again

_NOTHING_PASSED = datetime(1970, 1, 1, tzinfo=UTC)


def window_of(turn: Turn, step: Step, day: date, now: datetime) -> Window:
    """The first window of the step on or after the day, from now on.

    Of a step with an exact time it is a whole one: the day's first, where that opens now or later.
    """
    hours = turn.playbook.hours_of(step)
    if step.at is None:
        return turn.window(hours, day, now)
    window = turn.window(hours, max(day, turn.local(now)), _NOTHING_PASSED)
    if window.opens_at >= now:
        return window
    missed = Denied(f"at: {step.at:%H:%M}", window.day_closes_at)
    later = turn.window(hours, turn.local(window.opens_at) + DAY, _NOTHING_PASSED)
    return later._replace(denied=(missed, *later.denied))


def window_again(turn: Turn, number: int, moment: datetime, again: Again | None) -> Window:
    """The window of another plan for step `number`, from this moment on.

    What a result code puts off comes when the code says, in what is left of the hours; so does a
    touch that comes with another one, while its day lasts.
    """
    step, day = turn.cadence.steps[number - 1], turn.local(moment)
    with_another = turn.cadence.leaders[number - 1] != number - 1 and day == turn.local(turn.now)
    if again is None and not with_another:
        return window_of(turn, step, day, moment)
    return turn.window(turn.playbook.hours_of(step), day, moment)


def due_in(window: Window, step: Step, again: Again | None = None) -> Times:
    """An exact time is due when it comes, any other before the lunch or evening that follows."""
    exact = step.at is not None and again is None
    return within(window, window.opens_at if exact else window.closes_at)
