"""The same touch once more: promised to the lead, tried again soon, or when nobody else waits."""

from collections.abc import Mapping
from types import MappingProxyType

from engagement.cadence.advance import Decisions, go_on
from engagement.cadence.facts import made_at
from engagement.cadence.late import overtaken_step
from engagement.cadence.repeat import Repeat, once_more
from engagement.cadence.state import Active
from engagement.playbook import Playbook, ResultAction
from schemas.events.decision import Again
from schemas.events.lead import CallbackRequested
from schemas.events.touch import TouchLogged

_AGAIN: Mapping[ResultAction, Again] = MappingProxyType(
    {"retry-in": "retry", "end-of-queue": "end-of-queue"}
)


def try_again(
    playbook: Playbook, state: Active, fact: TouchLogged, action: ResultAction
) -> Decisions:
    """The step once more after its touch, as the result code says."""
    moment = max(made_at(fact) + playbook.waits[fact.result_code], fact.recorded_at)
    beyond = overtaken_step(state)
    if action != "schedule-callback":
        if beyond is not None:
            return go_on(playbook, state, fact)
        repeat = Repeat(moment, _AGAIN[action], state.rep)
        return (once_more(playbook, state, fact, repeat),)
    if "call" in state.closed:
        return go_on(playbook, state, fact)
    moment = max(fact.callback_at or moment, fact.recorded_at)
    repeat = Repeat(moment, "callback", fact.rep_id or state.rep, promised=True)
    return (once_more(playbook, beyond or state, fact, repeat),)


def call_back(playbook: Playbook, state: Active, fact: CallbackRequested) -> Decisions:
    """A call in place of the open touch, when the lead asked for it, whatever was paused."""
    moment = max(fact.callback_at or fact.recorded_at, fact.recorded_at)
    open_ = state.plan_id is not None and state.again == "callback"
    if "call" in state.closed or (open_ and state.not_before == moment):
        return ()
    repeat = Repeat(moment, "callback", state.rep, promised=True)
    return (once_more(playbook, state, fact, repeat),)
