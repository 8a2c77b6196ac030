"""Blocks of a cadence that end after so many touches or days: what the state remembers of them."""

from datetime import UTC, datetime, time, timedelta

from engagement.cadence.remembered import Looping
from engagement.cadence.state import Active
from engagement.calendar import zones
from engagement.calendar.window import local_date
from engagement.playbook import Cadence
from engagement.playbook.block import Loop
from schemas.events.decision import Threshold
from schemas.events.plan import TouchPlanned


def looping(state: Active, cadence: Cadence, plan: TouchPlanned) -> Looping | None:
    """The block of the plan's step; it begins with the first plan for a step of it."""
    loop = cadence.loops[plan.step - 1]
    return None if loop is None else _began(state, loop, plan)


def carried(state: Active, cadence: Cadence, step: int) -> Looping | None:
    """The block in which the lead stands after a move, as long under way as the one before it."""
    at = min(step, len(cadence.steps)) - 1
    loop = cadence.loops[at] if at >= 0 else None
    if loop is None or state.loop is None:
        return None
    return state.loop._replace(first=loop.first)


def reached(state: Active, loop: Loop, plan: TouchPlanned) -> Threshold | None:
    """The threshold of the block beyond which the plan lies."""
    began, until = _began(state, loop, plan), loop.until
    if until.attempts is not None and state.attempts - began.attempts >= until.attempts:
        return "attempts"
    end = over_at(state, loop, plan)
    return "days" if end is not None and plan.not_before >= end else None


def over_at(state: Active, loop: Loop, plan: TouchPlanned) -> datetime | None:
    """The lead's midnight after the last day of the block."""
    if loop.until.days is None:
        return None
    day = _began(state, loop, plan).day + timedelta(days=loop.until.days)
    return datetime.combine(day, time.min, zones.zone(state.enrolment.time_zone)).astimezone(UTC)


def _began(state: Active, loop: Loop, plan: TouchPlanned) -> Looping:
    if state.loop is not None and state.loop.first == loop.first:
        return state.loop
    day = local_date(plan.moved_from or plan.not_before, state.enrolment.time_zone)
    return Looping(loop.first, state.attempts, day)
