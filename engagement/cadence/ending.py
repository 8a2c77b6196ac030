"""How an enrolment ends: the facts that say so, in their order."""

from engagement.cadence.facts import Decision, handoff_of, plan_of
from engagement.cadence.state import Active
from schemas.events.decision import CadenceEnded, EndReason, LeadQualified, TouchWithdrawn
from schemas.events.fact import LeadFact
from schemas.events.touch import TouchLogged


def break_off(state: Active, cause: LeadFact, reason: EndReason) -> tuple[Decision, ...]:
    """The end of an enrolment whose plan is still open: the touch is no longer wanted."""
    withdrawn = TouchWithdrawn(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        plan_id=plan_of(state.enrolment.id, state.step),
        reason="cadence-ended",
    )
    return withdrawn, *end(state, cause, reason)


def end(state: Active, cause: LeadFact, reason: EndReason) -> tuple[Decision, ...]:
    """The end of an enrolment whose plan was answered."""
    ended = CadenceEnded(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        reason=reason,
        attempts=state.attempts,
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
