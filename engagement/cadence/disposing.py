"""What follows from a touch that was made, by the action of its result code."""

from collections.abc import Mapping
from types import MappingProxyType

from engagement.cadence.advance import Decisions, go_on, hold
from engagement.cadence.ending import break_off, end, qualified
from engagement.cadence.pausing import pause
from engagement.cadence.promise import promise, try_again
from engagement.cadence.state import Active
from engagement.decider import Refused
from engagement.playbook import Playbook, ResultAction
from engagement.playbook.result import WAITING
from schemas.events.decision import EndReason, Exit
from schemas.events.touch import TouchLogged

_REASONS: Mapping[ResultAction, tuple[EndReason, Exit | None]] = MappingProxyType(
    {
        "qualify": ("qualified", None),
        "opt-out": ("opted-out", None),
        "close": ("closed", None),
        "stop-trying": ("closed", "stopped-trying"),
        "meeting-booked": ("meeting-booked", None),
    }
)
"""The actions that end a cadence, whether or not the touch was planned."""


def after_touch(playbook: Playbook, state: Active, fact: TouchLogged) -> Decisions | Refused:
    """The next touch, the same one again, or the end."""
    action = playbook.actions.get(fact.result_code)
    if action is None:
        known = ", ".join(playbook.codes)
        return Refused("unknown-result-code", f"result_code: not one of {known}")
    if state.awaits(fact.plan_id):
        return _follow(playbook, state, fact, action)
    if action == "opt-out" or fact.plan_id is None:
        return _beside(playbook, state, fact, action)
    return hold(playbook, state, fact)


def _follow(
    playbook: Playbook, state: Active, fact: TouchLogged, action: ResultAction
) -> Decisions:
    if action == "next-touch" or action in WAITING:
        return _after(playbook, state, fact, action)
    return *qualified(state, fact, action), *end(state, fact, *_end_of(playbook, fact, action))


def _after(
    playbook: Playbook, state: Active, fact: TouchLogged, action: ResultAction
) -> Decisions:
    """Only a moment that the lead was told ends a pause which came while the touch was made."""
    told = action == "schedule-callback" and fact.callback_at is not None
    if state.meanwhile is not None and not (told and "call" not in state.closed):
        return pause(state, fact)
    if action == "next-touch":
        return go_on(playbook, state, fact)
    return try_again(playbook, state, fact, action)


def _beside(
    playbook: Playbook, state: Active, fact: TouchLogged, action: ResultAction
) -> Decisions:
    """After a touch that answers no plan: it takes no step, but an end is an end."""
    if action in _REASONS:
        over = _end_of(playbook, fact, action)
        return *qualified(state, fact, action), *break_off(state, fact, *over)
    if action == "schedule-callback":
        return promise(playbook, state, fact) or hold(playbook, state, fact)
    return hold(playbook, state, fact)


def _end_of(
    playbook: Playbook, fact: TouchLogged, action: ResultAction
) -> tuple[EndReason, Exit | None]:
    reason, exit_ = _REASONS[action]
    return reason, playbook.exits.get(fact.result_code) or exit_
