"""Days of rest: where a step comes after them, the days of the cadence are counted from it."""

from datetime import date, timedelta

from engagement.cadence.state import Active
from engagement.calendar.counted import counted
from engagement.playbook import Cadence, Playbook
from schemas.events.plan import TouchPlanned

_DAY = timedelta(days=1)


def first_day_after(
    playbook: Playbook, cadence: Cadence, state: Active, plan: TouchPlanned, opens_on: date
) -> date:
    """The first day of the cadence from this plan on, which opens its step on this day.

    A step that weekends held up, and rest after that, moves those after it: they keep their
    distance from it.
    """
    step = cadence.steps[cadence.leaders[plan.step - 1]]
    if step.gap_days is None or step.day is None:
        return state.day_one
    day_one, without = state.day_one, playbook.calendar.uncounted or ()
    while counted(day_one, step.day - 1, without) < opens_on:
        day_one += _DAY
    return day_one
