"""Pauses for times off of the lead's team: each has an end of its own, and may end early."""

from datetime import datetime

from msgspec.structs import replace

from engagement.cadence.remembered import Absence
from engagement.cadence.state import Active
from schemas.events.lead import EnrolmentPaused, EnrolmentResumed
from schemas.events.plan import TouchPlanned


def away(state: Active, fact: EnrolmentPaused) -> Active:
    """The state while this time off holds, which says when touches are made again."""
    if fact.time_off_id is None or fact.until is None:
        return state
    told = Absence(fact.time_off_id, fact.until)
    before = state.absences or ()
    if told in before:
        return state
    others = (one for one in before if one.time_off_id != fact.time_off_id)
    return replace(state, absences=(*others, told))


def resumed(state: Active, fact: EnrolmentResumed) -> Active:
    """The state after one time off ended early; after all that paused it, where people say so."""
    if fact.time_off_id is None:
        idle = state.paused_until is None and state.absences is None
        return state if idle else replace(state, paused_until=None, absences=None)
    left = tuple(_left(one, fact) for one in state.absences or ())
    still = tuple(one for one in left if one.until > fact.recorded_at)
    return state if still == (state.absences or ()) else replace(state, absences=still or None)


def still_away(state: Active, plan: TouchPlanned) -> tuple[Absence, ...] | None:
    """The times off that hold on after this plan."""
    return tuple(one for one in state.absences or () if holds(one.until, plan)) or None


def holds(until: datetime, plan: TouchPlanned) -> bool:
    """Whether a pause holds on after this plan: not when its end has come, nor when the lead is
    promised a touch within it."""
    return plan.recorded_at < until <= plan.not_before


def _left(absence: Absence, fact: EnrolmentResumed) -> Absence:
    ended = absence.time_off_id == fact.time_off_id
    return absence._replace(until=fact.goes_on_at or fact.recorded_at) if ended else absence
