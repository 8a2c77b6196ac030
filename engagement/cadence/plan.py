"""When the next touch is made, and which one it is."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from engagement.cadence.calendar import local_date, next_window
from engagement.cadence.facts import plan_of
from engagement.cadence.state import Active, OptOut
from engagement.playbook import Cadence, Playbook, Step
from schemas.events.decision import TouchPlanned
from schemas.events.fact import LeadFact

_DAY = timedelta(days=1)


class Times(NamedTuple):
    """The three moments of a plan, as TouchPlanned explains them."""

    not_before: datetime
    due_at: datetime
    lapses_at: datetime


def next_step(cadence: Cadence, taken: int, opted_out: tuple[OptOut, ...]) -> int | None:
    """The number of the first step after step `taken` on a channel that the lead allows."""
    later = enumerate(cadence.steps[taken:], start=taken + 1)
    return next((number for number, step in later if step.channel not in opted_out), None)


def plan(playbook: Playbook, state: Active, number: int, cause: LeadFact) -> TouchPlanned:
    """The plan for step `number`, made when `cause` was recorded."""
    steps = playbook.cadence[state.enrolment.cadence].steps
    step, now = steps[number - 1], cause.recorded_at
    times = (
        at_once(playbook, state, now)
        if state.step == 0
        else in_its_window(playbook, state, step, now)
    )
    return TouchPlanned(
        lead_id=cause.lead_id,
        occurred_at=now,
        recorded_at=now,
        enrolment_id=state.enrolment.id,
        plan_id=plan_of(state.enrolment.id, number),
        step=number,
        steps=len(steps),
        attempts=state.attempts,
        channel=step.channel,
        activity=step.activity,
        not_before=times.not_before,
        due_at=times.due_at,
        lapses_at=times.lapses_at,
        result_codes=playbook.codes,
    )


def at_once(playbook: Playbook, state: Active, now: datetime) -> Times:
    """The first touch, at any hour; reps have until the close of the next full working day."""
    calendar, zone = playbook.calendar, state.enrolment.time_zone
    tomorrow = local_date(now, zone) + _DAY
    window = next_window(calendar, calendar.hours, zone, tomorrow, now)
    return Times(now, now + playbook.speed_to_lead, window.closes_at)


def in_its_window(playbook: Playbook, state: Active, step: Step, now: datetime) -> Times:
    """A later touch, in the first window that its day, the clock and the last touch leave.

    A missed window slides. Steps of different days never meet on one day: nothing catches up.
    """
    calendar, zone = playbook.calendar, state.enrolment.time_zone
    today = local_date(now, zone)
    before = playbook.cadence[state.enrolment.cadence].steps[state.step - 1]
    earliest = today + _DAY if step.day > before.day else today
    day = max(_nominal(state, step), earliest)
    window = next_window(calendar, step.hours or calendar.hours, zone, day, now)
    return Times(window.opens_at, window.closes_at, window.closes_at)


def _nominal(state: Active, step: Step) -> date:
    return state.day_one + (step.day - 1) * _DAY
