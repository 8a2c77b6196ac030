"""Pauses that end each by itself: for times off of the lead's team, which may end early."""

from datetime import datetime

from msgspec.structs import replace

from engagement.cadence.remembered import Absence, Answered
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
        return _all_resumed(state, fact)
    left = tuple(_left(one, fact) for one in state.absences or ())
    still = tuple(one for one in left if one.until > fact.recorded_at)
    return state if still == (state.absences or ()) else replace(state, absences=still or None)


def still_out(state: Active, plan: TouchPlanned) -> Answered | None:
    """What a machine told, without its pause where that does not hold on after this plan."""
    told = state.answered
    if told is None or told.until is None or holds(told.until, plan):
        return told
    return told._replace(until=None)


def still_away(state: Active, plan: TouchPlanned) -> tuple[Absence, ...] | None:
    """The times off that hold on after this plan."""
    return tuple(one for one in state.absences or () if holds(one.until, plan)) or None


def holds(until: datetime, plan: TouchPlanned) -> bool:
    """Whether a pause holds on after this plan: not when its end has come, nor when the lead is
    promised a touch within it."""
    return plan.recorded_at < until <= plan.not_before


def _all_resumed(state: Active, fact: EnrolmentResumed) -> Active:
    """No machine's answer from before it pauses the lead again."""
    told = state.answered
    if told is not None:
        told = Answered(max(told.recorded_at, fact.recorded_at), None)
    after = replace(state, paused_until=None, absences=None, answered=told)
    return state if after == state else after


def _left(absence: Absence, fact: EnrolmentResumed) -> Absence:
    ended = absence.time_off_id == fact.time_off_id
    return absence._replace(until=fact.goes_on_at or fact.recorded_at) if ended else absence
