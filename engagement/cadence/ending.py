"""How an enrolment ends: the facts that say so, in their order."""

from typing import TypeGuard, get_args
from uuid import UUID

from engagement.cadence.facts import Decision, handoff_of
from engagement.cadence.state import Active
from engagement.playbook import ResultAction
from schemas.events.decision import (
    CadenceEnded,
    ClosedAs,
    EndReason,
    Exit,
    ExitReason,
    LeadQualified,
)
from schemas.events.fact import LeadFact
from schemas.events.plan import TouchWithdrawn
from schemas.events.touch import TouchLogged

_EXIT_REASONS, _CLOSED_AS = frozenset(get_args(ExitReason)), frozenset(get_args(ClosedAs))


def break_off(
    state: Active, cause: LeadFact, reason: EndReason, exit_: Exit | None = None
) -> tuple[Decision, ...]:
    """The end of an enrolment whose touch, if one is planned, is no longer wanted."""
    if state.plan_id is None:
        return end(state, cause, reason, exit_)
    return _withdrawn(state, cause, state.plan_id), *end(state, cause, reason, exit_)


def end(
    state: Active, cause: LeadFact, reason: EndReason, exit_: Exit | None = None
) -> tuple[Decision, ...]:
    """The end of an enrolment whose plan is answered; `exit_` where the reason is too broad.

    A plan that was open when its touch was told late is withdrawn.
    """
    over = ended(state, cause, reason, exit_)
    if state.overtaken is None:
        return (over,)
    return _withdrawn(state, cause, state.overtaken.plan_id), over


def ended(
    state: Active, cause: LeadFact, reason: EndReason, exit_: Exit | None = None
) -> CadenceEnded:
    """The fact that an enrolment is over."""
    return CadenceEnded(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        reason=reason,
        attempts=state.attempts,
        exit=exit_ if _is_exit_reason(exit_) else None,
        closed_as=exit_ if _is_closed_as(exit_) else None,
    )


def qualified(
    state: Active, cause: TouchLogged, action: ResultAction
) -> tuple[()] | tuple[LeadQualified]:
    """Told before the end, where the action of the result code qualifies the lead for sales."""
    if action != "qualify":
        return ()
    fact = LeadQualified(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        handoff_id=handoff_of(cause.lead_id, state.enrolment.id),
        result_code=cause.result_code,
        rep_id=cause.rep_id,
        attempts=state.attempts,
    )
    return (fact,)


def _is_exit_reason(exit_: Exit | None) -> TypeGuard[ExitReason]:
    return exit_ in _EXIT_REASONS


def _is_closed_as(exit_: Exit | None) -> TypeGuard[ClosedAs]:
    return exit_ in _CLOSED_AS


def _withdrawn(state: Active, cause: LeadFact, plan_id: UUID) -> TouchWithdrawn:
    return TouchWithdrawn(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        plan_id=plan_id,
        reason="cadence-ended",
    )
