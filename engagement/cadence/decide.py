"""What follows from a fact about a lead."""

from collections.abc import Mapping
from types import MappingProxyType

from engagement.cadence.ending import break_off, end, qualify
from engagement.cadence.entry import enter
from engagement.cadence.facts import Cause, Decision
from engagement.cadence.plan import next_step, plan
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import Active, Ended, NotEntered, State
from engagement.decider import Refused
from engagement.playbook import Playbook, ResultAction
from schemas.events.decision import EndReason
from schemas.events.fact import LeadFact
from schemas.events.lead import LeadCreated, MeetingBooked, OptedOut, ReplyReceived
from schemas.events.touch import TouchLapsed, TouchLogged

Decisions = tuple[Decision, ...]

_REASONS: Mapping[ResultAction, EndReason] = MappingProxyType(
    {"close": "closed", "meeting-booked": "meeting-booked"}
)


def decide(playbooks: Playbooks, state: State, cause: Cause) -> Decisions | Refused:
    """The decisions that `cause` leads to, in order; all are made when it was recorded."""
    match state, cause.data:
        case Active(), _:
            return _decide(playbooks, state, cause)
        case ((NotEntered() | Ended()), LeadCreated() as fact):
            return enter(playbooks, state, cause, fact)
        case _:
            return ()  # nothing is planned for a lead in no cadence


def _decide(playbooks: Playbooks, state: Active, cause: Cause) -> Decisions | Refused:
    playbook = playbooks.by_digest[state.enrolment.playbook_digest]
    match cause.data:
        case TouchLogged() as fact:
            return _after_touch(playbook, state, fact)
        case TouchLapsed() as fact if fact.plan_id == state.plan_id:
            return _go_on(playbook, state, fact)
        case ReplyReceived() as fact:
            return break_off(state, fact, "replied")
        case MeetingBooked() as fact:
            return break_off(state, fact, "meeting-booked")
        case OptedOut() as fact:
            return _after_opt_out(playbook, state, fact)
        case _:
            return ()  # late, repeated and foreign facts change nothing


def _after_touch(playbook: Playbook, state: Active, fact: TouchLogged) -> Decisions | Refused:
    action = playbook.actions.get(fact.result_code)
    if action is None:
        known = ", ".join(playbook.codes)
        return Refused("unknown-result-code", f"result_code: not one of {known}")
    answered = fact.plan_id == state.plan_id
    if action == "opt-out":
        return (end if answered else break_off)(state, fact, "opted-out")
    return _answer(playbook, state, fact, action) if answered else ()


def _answer(
    playbook: Playbook, state: Active, fact: TouchLogged, action: ResultAction
) -> Decisions:
    if action == "next-touch":
        return _go_on(playbook, state, fact)
    return qualify(state, fact) if action == "qualify" else end(state, fact, _REASONS[action])


def _after_opt_out(playbook: Playbook, state: Active, fact: OptedOut) -> Decisions:
    cadence = playbook.cadence[state.enrolment.cadence]
    if fact.channel == "all":
        return break_off(state, fact, "opted-out")
    if fact.channel != cadence.steps[state.step - 1].channel:
        return ()  # later steps on this channel are skipped when their turn comes
    number = next_step(cadence, state.step, state.opted_out)
    if number is None:
        return break_off(state, fact, "opted-out")
    return (plan(playbook, state, number, fact),)


def _go_on(playbook: Playbook, state: Active, fact: LeadFact) -> Decisions:
    number = next_step(playbook.cadence[state.enrolment.cadence], state.step, state.opted_out)
    if number is None:
        return end(state, fact, "exhausted")
    return (plan(playbook, state, number, fact),)
