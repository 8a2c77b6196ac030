"""Conditions of steps: what is remembered for them, and the plans that wait for them."""

from msgspec.structs import replace

from engagement.cadence.state import Active
from engagement.playbook import Cadence, Playbook, Step
from engagement.playbook.only_if import OnlyIf, on, replied
from schemas.events.fact import Features, LeadFact
from schemas.events.lead import EngagementSeen, ReplyReceived
from schemas.events.plan import ConditionFailed, TouchPlanned


def unsuited(cadence: Cadence, features: Features) -> tuple[int, ...] | None:
    """The steps whose conditions a lead with these features does not meet, whatever it does."""
    if not cadence.conditional:
        return None
    steps = enumerate(cadence.steps, start=1)
    return tuple(n for n, one in steps if one.only_if and not one.only_if.hold(features)) or None


def see(playbook: Playbook, state: Active, fact: LeadFact) -> Active:
    """The state of a lead that did this, where a step asks whether it did."""
    asked, seen = playbook.cadence[state.enrolment.cadence].signs, state.seen or ()
    news = tuple(sign for sign in _signs(fact) if sign in asked and sign not in seen)
    return replace(state, seen=(*seen, *news)) if news else state


def _signs(fact: LeadFact) -> tuple[str, ...]:
    match fact:
        case EngagementSeen():
            return fact.signal, on(fact.channel, fact.signal)
        case ReplyReceived() if not fact.auto_reply:
            return (replied(fact.channel),)
        case _:
            return ()


def condition(cadence: Cadence, number: int) -> OnlyIf | None:
    """The condition of step `number`."""
    return cadence.steps[number - 1].only_if


def possible(cadence: Cadence, state: Active, number: int) -> bool:
    """Whether the condition of step `number` holds, or may come to."""
    asked = condition(cadence, number)
    if asked is None:
        return True
    return number not in (state.unsuited or ()) and asked.possible(state.seen or ())


def withheld(playbook: Playbook, state: Active, plan: TouchPlanned) -> TouchPlanned:
    """The plan; where its step's condition is not met yet, as one that lapses when it opens.

    So that nobody is given the touch, and the end of the wait is told as that of any plan.
    """
    cadence = playbook.cadence[state.enrolment.cadence]
    if not cadence.conditional or plan.again == "callback":
        return plan
    asked, opens_at = condition(cadence, plan.step), plan.not_before
    if asked is None or asked.holds(state.seen or ()):
        return plan
    waits = {"due_at": opens_at, "lapses_at": opens_at, "open_hours": None}
    return plan.model_copy(update={**waits, "waits_for": asked.text})


def failed(state: Active, number: int, step: Step, cause: LeadFact) -> ConditionFailed:
    """The step is passed over, and why."""
    return ConditionFailed(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        step=number,
        channel=step.channel,
        condition=step.only_if.text if step.only_if else "",
    )
