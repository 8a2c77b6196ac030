"""The same touch once more: promised to the lead, tried again soon, or when nobody else waits."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from engagement.cadence.advance import Decisions, go_on
from engagement.cadence.facts import made_at
from engagement.cadence.late import overtaken_step
from engagement.cadence.repeat import Repeat, once_more
from engagement.cadence.state import Active
from engagement.playbook import Playbook, ResultAction
from schemas.events.decision import Again
from schemas.events.fact import LeadFact
from schemas.events.lead import CallbackRequested
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
    if beyond is not None or state.tries >= (playbook.tries[fact.result_code] or 0):
        return go_on(playbook, state, fact)
    repeat = Repeat(_after_wait(playbook, fact), _AGAIN[action], state.rep)
    return (once_more(playbook, state, fact, repeat),)


def promise(playbook: Playbook, state: Active, fact: TouchLogged) -> Decisions:
    """The call that the touch promised the lead; nothing where it is planned, or must not be."""
    moment = max(fact.callback_at or _after_wait(playbook, fact), fact.recorded_at)
    rep = fact.rep_id or state.rep
    if fact.plan_id is None and _is_planned(state, moment):
        return ()
    return _promised(playbook, state, fact, Repeat(moment, "callback", rep, promised=True))


def call_back(playbook: Playbook, state: Active, fact: CallbackRequested) -> Decisions:
    """A call in place of the open touch, when the lead asked for it, whatever was paused."""
    moment = max(fact.callback_at or fact.recorded_at, fact.recorded_at)
    if _is_planned(state, moment):
        return ()
    return _promised(playbook, state, fact, Repeat(moment, "callback", state.rep, promised=True))


def _promised(playbook: Playbook, state: Active, fact: LeadFact, repeat: Repeat) -> Decisions:
    return () if "call" in state.closed else (once_more(playbook, state, fact, repeat),)


def _is_planned(state: Active, moment: datetime) -> bool:
    open_ = state.plan_id is not None and state.again == "callback"
    return open_ and state.not_before == moment


def _after_wait(playbook: Playbook, fact: TouchLogged) -> datetime:
    return max(made_at(fact) + playbook.waits[fact.result_code], fact.recorded_at)
