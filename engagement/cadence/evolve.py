"""How what happened, and what was decided, changes what the cadence remembers of a lead."""

from datetime import date, datetime

from msgspec.structs import replace

from engagement.cadence.absences import holds, still_away, still_out
from engagement.cadence.calling_back import owed, promised
from engagement.cadence.consent import kept
from engagement.cadence.enrolling import enrol, go_over
from engagement.cadence.facts import Cause, Decision
from engagement.cadence.hear import hear, hear_outside
from engagement.cadence.home import disturbed, opened_at
from engagement.cadence.loops import looping
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.remembered import Home
from engagement.cadence.rest import first_day_after
from engagement.cadence.state import Active, Ended, Outside, State
from engagement.cadence.updated import update
from engagement.calendar.window import local_date
from engagement.experiment.assignment import assigned
from engagement.experiment.exposure import exposed
from schemas.envelope import Event
from schemas.events.decision import (
    CadenceEnded,
    CadenceEntered,
    CadenceMoved,
    CadencePaused,
    EnrolmentUpdated,
    EntryRefused,
)
from schemas.events.experiment import ExperimentAssigned, ExperimentExposed
from schemas.events.plan import TouchPlanned


def evolve(playbooks: Playbooks, state: State, happened: Cause | Decision) -> State:
    """The state after `happened`; the very same object where there is nothing to remember."""
    if isinstance(happened, Event):
        if isinstance(state, Active):
            return hear(playbooks, state, happened)
        return hear_outside(playbooks, state, happened)
    if isinstance(happened, ExperimentAssigned):
        return _assign(state, happened)
    if isinstance(happened, ExperimentExposed):
        return exposed(state)
    if isinstance(state, Active):
        return _decided(playbooks, state, happened)
    return _decided_outside(playbooks, state, happened)


def _decided_outside(playbooks: Playbooks, state: Outside, fact: Decision) -> State:
    match fact:
        case CadenceEntered():
            return enrol(playbooks, state, fact)
        case EntryRefused():
            return replace(state, refused_at=fact.recorded_at)
        case _:
            return state


def _assign(state: State, fact: ExperimentAssigned) -> State:
    """An earlier experiment of a lead that is still in a cadence has nothing more to tell."""
    if isinstance(state, Active):
        return replace(state, assigned=assigned(fact), exposes_at=None)
    return replace(state, assigned=assigned(fact))


def _decided(playbooks: Playbooks, state: Active, fact: Decision) -> State:
    match fact:
        case TouchPlanned():
            return _open(playbooks, state, fact)
        case CadencePaused():
            return replace(state, plan_id=None, home=disturbed(state.home))
        case CadenceEnded():
            return finish(playbooks, state, fact)
        case CadenceMoved():
            return go_over(playbooks, state, fact)
        case EnrolmentUpdated():
            return update(playbooks.by_digest[state.enrolment.playbook_digest], state, fact)
        case _:
            return state  # a withdrawal, a skip and a qualification are remembered by what follows


def _open(playbooks: Playbooks, state: Active, plan: TouchPlanned) -> Active:
    playbook = playbooks.by_digest[state.enrolment.playbook_digest]
    cadence, opens_on = playbook.cadence[state.enrolment.cadence], _opens_on(state, plan)
    if cadence.rests:
        state = _rested(state, first_day_after(playbook, cadence, state, plan, opens_on))
    return replace(
        state,
        step=plan.step,
        attempt=plan.attempt or 1,
        plan_id=plan.plan_id,
        not_before=opened_at(state, plan),
        moved_from=plan.moved_from,
        again=plan.again,
        unpromised=True if plan.again == "callback" and not owed(plan) else None,
        opens_on=opens_on,
        paused_until=_still_paused(state, plan),
        absences=still_away(state, plan) if state.absences else None,
        answered=still_out(state, plan) if state.answered else None,
        for_rep=plan.for_rep,
        waiting=None if plan.waits_for is None else True,
        asked=state.asked if plan.step == state.step else None,
        lapses=_lapses(state, plan),
        tries=state.tries if plan.step == state.step else 0,
        passed=None if state.overtaken else state.passed,
        overtaken=None,
        loop=looping(state, cadence, plan) if cadence.looping else None,
        meanwhile=None,
        home=_home(state, plan),
    )


def _lapses(state: Active, plan: TouchPlanned) -> int:
    """A call that is promised has its own days, and so has the touch in whose place it was."""
    same = plan.step == state.step and (plan.again == "callback") == (state.again == "callback")
    return state.lapses if same and not promised(plan) else 0


def _rested(state: Active, day_one: date) -> Active:
    if day_one == state.day_one:
        return state
    return replace(state, day_one=day_one, first_day=state.first_day or state.day_one)


def _home(state: Active, plan: TouchPlanned) -> Home | None:
    """A plan in place of an open one was disturbed, or is a step further; else people moved it."""
    if state.home is None or state.plan_id is None:
        return state.home
    return disturbed(state.home) if plan.step == state.step else None


def _opens_on(state: Active, plan: TouchPlanned) -> date:
    """Days in which a step waits to be taken again, or for a pause or a cap, are lost days."""
    if plan.step == state.step:
        return state.opens_on
    return local_date(plan.moved_from or plan.not_before, state.enrolment.time_zone)


def _still_paused(state: Active, plan: TouchPlanned) -> datetime | None:
    """A pause is over when its end has come, or when the lead is promised a touch within it."""
    until = state.paused_until
    return until if until is not None and holds(until, plan) else None


def finish(playbooks: Playbooks, state: Active, fact: CadenceEnded) -> Ended:
    """The state of a lead whose enrolment is over."""
    ended = Ended(
        opted_out=state.opted_out,
        bounced=state.bounced,
        enrolment_id=fact.enrolment_id,
        ended_at=fact.recorded_at,
        reason=fact.reason,
        exit=fact.exit,
        closed_as=fact.closed_as,
        touches=state.touches,
        assigned=state.assigned,
        revocable=kept(state),
        granted=state.granted,
        updated=state.updated,
    )
    if playbooks.apart(playbooks.by_digest[state.enrolment.playbook_digest]) is None:
        return ended
    unanswered = (state.asked or 1) <= state.attempt
    return replace(
        ended,
        time_zone=state.enrolment.time_zone,
        withdrawn=state.plan_id if unanswered else None,
        unplanned=state.unplanned,
    )
