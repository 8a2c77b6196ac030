"""The end of a cadence after so many touches or days: no plan lies beyond it."""

from datetime import UTC, datetime, time, timedelta

from engagement.cadence.advance import Decisions
from engagement.cadence.calling_back import owed
from engagement.cadence.ending import break_off, end
from engagement.cadence.open_hours import lapsing_by
from engagement.cadence.past_loops import past_loops
from engagement.cadence.state import Active
from engagement.calendar import zones
from engagement.playbook import Playbook
from engagement.playbook.threshold import Until
from schemas.events.decision import Threshold
from schemas.events.fact import LeadFact
from schemas.events.plan import TouchPlanned
from schemas.events.touch import TouchLapsed, TouchLogged


def within(playbook: Playbook, state: Active, fact: LeadFact, decided: Decisions) -> Decisions:
    """What was decided; the end, in place of a plan that lies beyond a threshold.

    A call that the lead was promised is made all the same, as it passes over pauses and caps.
    """
    cadence = playbook.cadence[state.enrolment.cadence]
    if cadence.looping:
        decided = past_loops(playbook, state, fact, decided)
    until = cadence.until
    if until is None:
        return decided
    if not decided:
        return _after_unplanned(until, state, fact)
    plan = decided[-1]
    if not isinstance(plan, TouchPlanned) or owed(plan):
        return decided
    threshold = _reached(until, state, plan)
    if threshold is None:
        return *decided[:-1], _within_days(until, state, plan)
    return *decided[:-1], *_over(state, fact, threshold)


def _after_unplanned(until: Until, state: Active, fact: LeadFact) -> Decisions:
    """The open touch is one too many, where the last one was made without a plan."""
    made = isinstance(fact, TouchLogged) and _enough(until, state)
    return _over(state, fact, "attempts") if made and not state.owed else ()


def _reached(until: Until, state: Active, plan: TouchPlanned) -> Threshold | None:
    if _enough(until, state):
        return "attempts"
    over_at = _over_at(until, state)
    return "days" if over_at is not None and plan.not_before >= over_at else None


def _enough(until: Until, state: Active) -> bool:
    return until.attempts is not None and state.attempts >= until.attempts


def _over_at(until: Until, state: Active) -> datetime | None:
    """The lead's midnight after the last day; the days lost since entry count."""
    if until.days is None:
        return None
    day = (state.first_day or state.day_one) + timedelta(days=until.days)
    return datetime.combine(day, time.min, zones.zone(state.enrolment.time_zone)).astimezone(UTC)


def _within_days(until: Until, state: Active, plan: TouchPlanned) -> TouchPlanned:
    """The plan, which lapses when the last day is over, at the latest."""
    over_at = _over_at(until, state)
    return plan if over_at is None else lapsing_by(plan, over_at)


def _over(state: Active, fact: LeadFact, threshold: Threshold) -> Decisions:
    told = isinstance(fact, TouchLogged | TouchLapsed) and state.awaits(fact.plan_id)
    *before, over = (end if told else break_off)(state, fact, "exhausted")
    return *before, over.model_copy(update={"threshold": threshold})
