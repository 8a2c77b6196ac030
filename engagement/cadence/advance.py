"""How an enrolment goes on: to its next step, to the same step again, or to its end."""

from datetime import datetime

from engagement.cadence.conditions import possible
from engagement.cadence.ending import break_off, end
from engagement.cadence.facts import Decision
from engagement.cadence.plan import next_step
from engagement.cadence.repeat import Repeat, earliest, once_more, planned
from engagement.cadence.skipping import passed
from engagement.cadence.state import Active
from engagement.playbook import Playbook
from schemas.events.decision import EndReason, Exit
from schemas.events.fact import Channel, LeadFact
from schemas.events.plan import TouchPlanned

Decisions = tuple[Decision, ...]


def go_on(playbook: Playbook, state: Active, cause: LeadFact) -> Decisions:
    """The step after the answered one; the end where there is none."""
    late = state.overtaken
    taken = state.step if late is None else max(state.step, late.step - 1)
    before, plan = onwards(playbook, state, taken, cause)
    return (*before, plan) if plan else (*before, *end(state, cause, "exhausted"))


def make_up(playbook: Playbook, state: Active, cause: LeadFact) -> Decisions:
    """The touch of the step itself, or the first after it that may be made; the end, at last."""
    before, plan = onwards(playbook, state, state.step - 1, cause)
    return (*before, plan) if plan else (*before, *end(state, cause, "exhausted"))


def replace_open(
    playbook: Playbook,
    state: Active,
    cause: LeadFact,
    reason: EndReason,
    exit_: Exit | None = None,
) -> Decisions:
    """What comes instead of the open plan; the end, for this reason, where nothing does."""
    before, plan = onwards(playbook, state, state.step - 1, cause)
    return (*before, plan) if plan else (*before, *break_off(state, cause, reason, exit_))


def onwards(
    playbook: Playbook, state: Active, taken: int, cause: LeadFact
) -> tuple[Decisions, TouchPlanned | None]:
    """The plan for the first step after `taken` that is to be made, and what is told before it."""
    cadence = playbook.cadence[state.enrolment.cadence]
    plan = _first(playbook, state, next_step(cadence, taken, state.closed), cause)
    told = passed(state, cadence, taken, plan.step if plan else None, cause)
    return told, plan


def _first(
    playbook: Playbook, state: Active, number: int | None, cause: LeadFact
) -> TouchPlanned | None:
    """A step whose turn is now must hold now; a later one is planned while it still may."""
    cadence = playbook.cadence[state.enrolment.cadence]
    while number is not None:
        if not cadence.conditional or possible(cadence, state, number):
            plan = planned(playbook, state, number, cause)
            if plan.waits_for is None or plan.not_before > cause.recorded_at:
                return plan
        number = next_step(cadence, number, state.closed)
    return None


def hold(playbook: Playbook, state: Active, cause: LeadFact) -> Decisions:
    """The open plan made anew for later, where a pause or a cap now forbids its moment."""
    if state.plan_id is None or state.not_before is None:
        return ()
    opens_at = max(state.not_before, cause.recorded_at)
    if _may_open(playbook, state, opens_at):
        return ()
    return (once_more(playbook, state, cause, Repeat(opens_at, state.again, state.for_rep)),)


def _may_open(playbook: Playbook, state: Active, opens_at: datetime) -> bool:
    """A promise is under no cap; a pause that comes after it overtakes it."""
    if state.promised:
        return state.held_until is None or state.held_until <= opens_at
    channel = open_channel(playbook, state)
    return earliest(playbook, state, channel, opens_at) == opens_at


def open_channel(playbook: Playbook, state: Active) -> Channel:
    """The channel of the last plan: a callback is a call, whatever its step is."""
    if state.again == "callback":
        return "call"
    return playbook.cadence[state.enrolment.cadence].steps[state.step - 1].channel
