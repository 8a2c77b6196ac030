"""No plan lies beyond the threshold of a block: what comes after the block takes its place."""

from collections.abc import Iterable, Iterator

from engagement.cadence.advance import Decisions, onwards
from engagement.cadence.ending import break_off, end
from engagement.cadence.facts import Decision
from engagement.cadence.loops import over_at, reached
from engagement.cadence.open_hours import lapsing_by
from engagement.cadence.state import Active
from engagement.playbook import Playbook
from engagement.playbook.block import Loop
from schemas.events.decision import BlockEnded, Threshold
from schemas.events.experiment import ExperimentExposed
from schemas.events.fact import LeadFact
from schemas.events.plan import TouchPlanned
from schemas.events.touch import TouchLapsed, TouchLogged


def past_loops(playbook: Playbook, state: Active, fact: LeadFact, decided: Decisions) -> Decisions:
    """What was decided; the step after a block, or the end, for a plan beyond its threshold."""
    if not decided:
        return _after_unplanned(playbook, state, fact)
    plan = decided[-1]
    if not isinstance(plan, TouchPlanned) or plan.again == "callback":
        return decided
    loop = playbook.cadence[state.enrolment.cadence].loops[plan.step - 1]
    if loop is None:
        return decided
    threshold = reached(state, loop, plan)
    if threshold is not None:
        return _after(playbook, state, fact, decided[:-1], loop, threshold)
    over = over_at(state, loop, plan)
    return decided if over is None else (*decided[:-1], lapsing_by(plan, over))


def _after_unplanned(playbook: Playbook, state: Active, fact: LeadFact) -> Decisions:
    """The open touch is one too many, where the last one was made without a plan."""
    if not isinstance(fact, TouchLogged) or state.plan_id is None or state.again == "callback":
        return ()
    loop, began = playbook.cadence[state.enrolment.cadence].loops[state.step - 1], state.loop
    if loop is None or began is None or loop.until.attempts is None:
        return ()
    enough = state.attempts - began.attempts >= loop.until.attempts
    return _after(playbook, state, fact, (), loop, "attempts") if enough else ()


def _after(  # noqa: PLR0913, PLR0917  what was decided before, and why the rest of it is not
    playbook: Playbook,
    state: Active,
    fact: LeadFact,
    before: Decisions,
    loop: Loop,
    threshold: Threshold,
) -> Decisions:
    ended = BlockEnded(
        lead_id=fact.lead_id,
        occurred_at=fact.recorded_at,
        recorded_at=fact.recorded_at,
        enrolment_id=state.enrolment.id,
        step=loop.last,
        threshold=threshold,
    )
    passed, plan = onwards(playbook, state, loop.last, fact)
    told = (*before, ended, *_news(before, passed))
    if plan is not None:
        return past_loops(playbook, state, fact, (*told, plan))
    answered = isinstance(fact, TouchLogged | TouchLapsed) and state.awaits(fact.plan_id)
    return *told, *(end if answered else break_off)(state, fact, "exhausted")


def _news(before: Decisions, passed: Iterable[Decision]) -> Iterator[Decision]:
    """An exposure is told once."""
    exposed = any(isinstance(one, ExperimentExposed) for one in before)
    return (one for one in passed if not (exposed and isinstance(one, ExperimentExposed)))
