"""How an enrolment ends: the facts that say so, in their order."""

from engagement.cadence.facts import Decision, handoff_of
from engagement.cadence.state import Active
from schemas.events.decision import (
    CadenceEnded,
    EndReason,
    ExitReason,
    LeadQualified,
    TouchWithdrawn,
)
from schemas.events.fact import LeadFact
from schemas.events.touch import TouchLogged


def break_off(
    state: Active, cause: LeadFact, reason: EndReason, exit_: ExitReason | None = None
) -> tuple[Decision, ...]:
    """The end of an enrolment whose touch, if one is planned, is no longer wanted."""
    if state.plan_id is None:
        return end(state, cause, reason, exit_)
    withdrawn = TouchWithdrawn(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        plan_id=state.plan_id,
        reason="cadence-ended",
    )
    return withdrawn, *end(state, cause, reason, exit_)


def end(
    state: Active, cause: LeadFact, reason: EndReason, exit_: ExitReason | None = None
) -> tuple[CadenceEnded]:
    """The end of an enrolment without an open plan; `exit_` where the reason is too broad."""
    ended = CadenceEnded(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        reason=reason,
        attempts=state.attempts,
        exit=exit_,
    )
    return (ended,)


def qualify(state: Active, cause: TouchLogged) -> tuple[Decision, ...]:
    """The lead is sales-qualified, and with that the enrolment is over."""
    qualified = LeadQualified(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        handoff_id=handoff_of(cause.lead_id, state.enrolment.id),
        result_code=cause.result_code,
        rep_id=cause.rep_id,
        attempts=state.attempts,
    )
    return qualified, *end(state, cause, "qualified")
