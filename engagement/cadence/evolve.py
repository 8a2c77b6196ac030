"""How what happened, and what was decided, changes what the cadence remembers of a lead."""

from dataclasses import replace

from engagement import zones
from engagement.cadence.calendar import local_date
from engagement.cadence.facts import Cause, Decision
from engagement.cadence.hear import hear, hear_outside
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import Active, Ended, Enrolment, NotEntered, Outside, State
from schemas.envelope import Event
from schemas.events.decision import CadenceEnded, CadenceEntered, TouchPlanned


def evolve(playbooks: Playbooks, state: State, happened: Cause | Decision) -> State:
    """The state after `happened`; the very same object where there is nothing to remember."""
    match state, happened:
        case Active(), Event():
            return hear(playbooks, state, happened)
        case ((NotEntered() | Ended()), Event()):
            return hear_outside(playbooks, state, happened)
        case ((NotEntered() | Ended()), CadenceEntered()):
            return enrol(playbooks, state, happened)
        case Active(), TouchPlanned():
            return _open(state, happened)
        case Active(), CadenceEnded():
            return _end(state, happened)
        case _:
            return state  # a withdrawal and a qualification are remembered by the end they bring


def enrol(playbooks: Playbooks, state: Outside, fact: CadenceEntered) -> Active:
    """The state of a lead that has just entered, with no plan yet."""
    named = fact.features.time_zone
    default = playbooks.by_digest[fact.playbook_digest].calendar.time_zone
    time_zone = named if named in zones.names() else default
    today = local_date(fact.recorded_at, time_zone)
    enrolment = Enrolment(
        id=fact.enrolment_id,
        playbook_digest=fact.playbook_digest,
        cadence=fact.cadence,
        time_zone=time_zone,
    )
    return Active(opted_out=state.opted_out, enrolment=enrolment, day_one=today, opens_on=today)


def _open(state: Active, plan: TouchPlanned) -> Active:
    opens_on = local_date(plan.not_before, state.enrolment.time_zone)
    return replace(state, step=plan.step, plan_id=plan.plan_id, opens_on=opens_on)


def _end(state: Active, fact: CadenceEnded) -> Ended:
    return Ended(
        opted_out=state.opted_out,
        enrolment_id=fact.enrolment_id,
        ended_at=fact.recorded_at,
        reason=fact.reason,
    )
