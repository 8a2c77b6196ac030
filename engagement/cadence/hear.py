"""What the cadence remembers of a fact, whatever is decided about it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from engagement.cadence.calendar import local_date
from engagement.cadence.facts import Cause, handoff_of
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import Active, Ended, OptOut, Outside, State
from schemas.events.lead import HandoffAccepted, HandoffRejected, OptedOut
from schemas.events.touch import TouchLapsed, TouchLogged

Kind = TypeVar("Kind", bound=State)


def hear(playbooks: Playbooks, state: Active, cause: Cause) -> Active:
    """The state of a lead in a cadence after a fact, before anything is decided about it."""
    match cause.data:
        case TouchLogged() as fact:
            touched = _touched(state, cause, fact)
            actions = playbooks.by_digest[state.enrolment.playbook_digest].actions
            never_again = actions.get(fact.result_code) == "opt-out"
            return _opt_out(touched, "all") if never_again else touched
        case TouchLapsed() as fact if fact.plan_id == state.plan_id:
            return replace(state, day_one=_slid(state, fact))
        case OptedOut(channel=channel):
            return _opt_out(state, channel)
        case _:
            return state  # what ends a cadence is remembered by the end that is decided


def hear_outside(playbooks: Playbooks, state: Outside, cause: Cause) -> Outside:
    """The state of a lead in no cadence after a fact."""
    match cause.data:
        case OptedOut(channel=channel):
            return _opt_out(state, channel)
        case TouchLogged(result_code=code) if playbooks.current is not None:
            never_again = playbooks.current.actions.get(code) == "opt-out"
            return _opt_out(state, "all") if never_again else state
        case (HandoffAccepted() | HandoffRejected()) as fact if isinstance(state, Ended):
            return _handoff(state, fact)
        case _:
            return state


def _opt_out(state: Kind, channel: OptOut) -> Kind:
    if channel in state.opted_out:
        return state
    return replace(state, opted_out=(*state.opted_out, channel))


def _touched(state: Active, cause: Cause, fact: TouchLogged) -> Active:
    if fact.plan_id == state.plan_id:
        return replace(state, attempts=state.attempts + 1, day_one=_slid(state, fact))
    if fact.plan_id is None and cause.envelope.id != state.unplanned:
        return replace(state, attempts=state.attempts + 1, unplanned=cause.envelope.id)
    return state


def _slid(state: Active, fact: TouchLogged | TouchLapsed) -> date:
    """Days lost waiting for the touch move the rest of the cadence; none is ever gained."""
    lost = local_date(fact.recorded_at, state.enrolment.time_zone) - state.opens_on
    return state.day_one + max(lost, timedelta(0))


def _handoff(state: Ended, fact: HandoffAccepted | HandoffRejected) -> Ended:
    if fact.handoff_id != handoff_of(fact.lead_id, state.enrolment_id):
        return state
    return replace(state, handoff="accepted" if isinstance(fact, HandoffAccepted) else "rejected")
