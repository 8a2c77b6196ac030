"""The same touch once more: promised to the lead, tried again soon, or when nobody else waits."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec.structs import replace

from engagement.cadence.advance import Decisions, go_on
from engagement.cadence.facts import made_at
from engagement.cadence.late import overtaken_step
from engagement.cadence.plan import next_step
from engagement.cadence.repeat import Repeat, once_more
from engagement.cadence.skipping import passed
from engagement.cadence.state import Active
from engagement.cadence.turn import Turn
from engagement.playbook import Playbook, ResultAction
from schemas.events.fact import LeadFact
from schemas.events.lead import CallbackRequested
from schemas.events.plan import Again
from schemas.events.touch import TouchLogged

_AGAIN: Mapping[ResultAction, Again] = MappingProxyType(
    {"retry-in": "retry", "end-of-queue": "end-of-queue"}
)


def try_again(
    playbook: Playbook, state: Active, fact: TouchLogged, action: ResultAction
) -> Decisions:
    """The step once more after its touch, as the result code says; the next one at last."""
    beyond = overtaken_step(state)
    if action == "schedule-callback":
        return promise(playbook, beyond or state, fact) or go_on(playbook, state, fact)
    step = playbook.cadence[state.enrolment.cadence].steps[state.step - 1]
    if step.channel in state.closed:
        return go_on(playbook, state, fact)  # closed while the lead was called in its place
    if beyond is not None or state.tries >= (playbook.tries[fact.result_code] or 0):
        return go_on(playbook, state, fact)
    repeat = Repeat(_after_wait(playbook, fact), _AGAIN[action], state.rep)
    return (once_more(playbook, state, fact, repeat),)


def promise(playbook: Playbook, state: Active, fact: TouchLogged) -> Decisions:
    """The call after the touch; nothing where it is planned, must not be, or waits for people.

    Only a moment that the lead was told is promised.
    """
    told, rep = fact.callback_at, fact.rep_id or state.rep
    if told is None and state.plan_id is None:
        return ()
    moment = max(told or _after_wait(playbook, fact), fact.recorded_at)
    return _called(playbook, state, fact, Repeat(moment, "callback", rep, told is not None))


def call_back(playbook: Playbook, state: Active, fact: CallbackRequested) -> Decisions:
    """A call in place of the open touch, when the lead asked for it, whatever was paused.

    At once where it told no time, or as soon as the law lets it be called.
    """
    now, told = fact.recorded_at, fact.callback_at
    lawful = Turn(playbook, state, fact, "call").permitted_from(now).at
    moment = lawful if told is None else max(told, now)
    return _called(playbook, state, fact, Repeat(moment, "callback", state.rep, promised=True))


def _called(playbook: Playbook, state: Active, fact: LeadFact, repeat: Repeat) -> Decisions:
    if "call" in state.closed:
        return ()
    before, standing = _not_made(playbook, state, fact)
    plan = once_more(playbook, standing, fact, repeat)
    answers = isinstance(fact, TouchLogged) and fact.plan_id is not None
    open_ = state.plan_id is not None and state.again == "callback"
    kept = state.promised or not repeat.promised
    known = open_ and kept and not answers and plan.not_before == state.not_before
    return () if known else (*before, plan)


def _not_made(playbook: Playbook, state: Active, fact: LeadFact) -> tuple[Decisions, Active]:
    """The state at the next step, where the touch at which it is paused was made."""
    if state.meanwhile != "made":
        return (), state
    cadence = playbook.cadence[state.enrolment.cadence]
    number = next_step(cadence, state.step, state.closed)
    if number is None:
        return (), state
    told = passed(state, cadence, state.step, number, fact)
    return told, replace(state, step=number, attempt=0)


def _after_wait(playbook: Playbook, fact: TouchLogged) -> datetime:
    return max(made_at(fact) + playbook.waits[fact.result_code], fact.recorded_at)
