"""What follows for the open touch when its step's condition is met, or can no longer be."""

from engagement.cadence.advance import Decisions, replace_open
from engagement.cadence.conditions import condition, failed, possible
from engagement.cadence.repeat import Repeat, once_more
from engagement.cadence.state import Active
from engagement.playbook import Playbook
from schemas.events.fact import LeadFact


def reconsider(playbook: Playbook, state: Active, fact: LeadFact) -> Decisions:
    """The touch that waited, now that it may be made; what comes instead, where it never may."""
    cadence = playbook.cadence[state.enrolment.cadence]
    asked = condition(cadence, state.step)
    if asked is None or state.plan_id is None or state.again == "callback":
        return ()
    if not possible(cadence, state, state.step):
        return replace_open(playbook, state, fact, "exhausted")
    if not state.waiting or not asked.holds(state.seen or ()):
        return ()
    moment = max(state.not_before or fact.recorded_at, fact.recorded_at)
    return (once_more(playbook, state, fact, Repeat(moment, state.again, state.for_rep)),)


def given_up(playbook: Playbook, state: Active, fact: LeadFact) -> Decisions:
    """Told of a plan that waited until the turn of its step was there."""
    if not state.waiting:
        return ()
    step = playbook.cadence[state.enrolment.cadence].steps[state.step - 1]
    return (failed(state, state.step, step, fact),)
