"""How what happened, and what was decided, changes what the cadence remembers of a lead."""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec.structs import replace

from engagement.cadence.absences import holds, still_away
from engagement.cadence.calling_back import promised
from engagement.cadence.conditions import unsuited
from engagement.cadence.consent import CHANNELS, denied_at, kept
from engagement.cadence.facts import Cause, Decision
from engagement.cadence.hear import hear, hear_outside
from engagement.cadence.home import disturbed, replaced, stood
from engagement.cadence.loops import carried, looping
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import Active, Barred, Ended, Enrolment, Home, Outside, State
from engagement.cadence.updated import known, still_told, update
from engagement.calendar.place import looked_at, place
from engagement.calendar.window import local_date
from engagement.experiment.assignment import assigned
from engagement.experiment.exposure import exposed, exposes_at
from engagement.playbook import Cadence
from engagement.playbook.ruleset import Ruleset
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
from schemas.events.fact import Channel, ChannelConsent
from schemas.events.plan import SkipRule, TouchPlanned

_UNKNOWN = ChannelConsent()


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


def enrol(playbooks: Playbooks, state: Outside, fact: CadenceEntered) -> Active:
    """The state of a lead that has just entered, with no plan yet."""
    playbook = playbooks.by_digest[fact.playbook_digest]
    rules, where = playbook.ruleset[fact.cadence], place(fact.features, playbook.calendar)
    today = local_date(fact.recorded_at, where.time_zone)
    revocable, granted = denied_at(state, fact.features.consent, fact.recorded_at)
    enrolment = Enrolment(
        id=fact.enrolment_id,
        playbook_digest=fact.playbook_digest,
        cadence=fact.cadence,
        time_zone=where.time_zone,
    )
    return Active(
        opted_out=state.opted_out,
        enrolment=enrolment,
        day_one=today,
        first_day=today if _ends_by_days(playbook.cadence[fact.cadence]) else None,
        opens_on=today,
        zone_source=where.zone_source,
        place=where if looked_at(playbook.calendar) else None,
        barred=_barred(state.bounced, granted, fact.features.consent, rules),
        touches=state.touches,
        entered_at=fact.recorded_at if playbook.restarts else None,
        assigned=state.assigned,
        exposes_at=exposes_at(playbook, state, fact),
        unsuited=unsuited(playbook.cadence[fact.cadence], fact.features),
        revocable=revocable,
        granted=granted,
        updated=still_told(state, fact.features),
        known=known(playbook.cadence[fact.cadence], fact.features),
    )


def _ends_by_days(cadence: Cadence) -> bool:
    return cadence.until is not None and cadence.until.days is not None


def go_over(playbooks: Playbooks, state: Active, fact: CadenceMoved) -> Active:
    """The state of a lead in the other version, before its touch is planned anew if it is.

    What it heard of the lead and its channels stays. No experiment is told of from here on, as
    what follows may come from the move. No touch told late answers what lapsed before it.
    """
    playbook = playbooks.by_digest[fact.playbook_digest]
    rules, where = playbook.ruleset[fact.cadence], place(fact.features, playbook.calendar)
    return replace(
        stood(state, fact, local_date(fact.recorded_at, where.time_zone)),
        enrolment=replace(
            state.enrolment,
            playbook_digest=fact.playbook_digest,
            cadence=fact.cadence,
            time_zone=where.time_zone,
        ),
        step=fact.step,
        plan_id=fact.plan_id,
        zone_source=where.zone_source,
        place=where if looked_at(playbook.calendar) else None,
        barred=_barred(state.bounced, state.granted, fact.features.consent, rules),
        entered_at=(state.entered_at or fact.recorded_at) if playbook.restarts else None,
        exposes_at=None,
        unsuited=unsuited(playbook.cadence[fact.cadence], fact.features),
        known=known(playbook.cadence[fact.cadence], fact.features),
        moved_at=fact.recorded_at,
        replaced=replaced(state),
        meanwhile=None if state.meanwhile == "made" else state.meanwhile,
        asked=state.attempt + 1,
        passed=None,
        loop=carried(state, playbook.cadence[fact.cadence], fact.step),
    )


def _barred(
    bounced: tuple[Channel, ...],
    granted: tuple[Channel, ...],
    consent: ChannelConsent,
    rules: Ruleset,
) -> Barred:
    if consent == _UNKNOWN and not bounced and not rules.require_consent:
        return ()
    return tuple(_bars(bounced, granted, consent, rules))


def _bars(
    bounced: tuple[Channel, ...],
    granted: tuple[Channel, ...],
    consent: ChannelConsent,
    rules: Ruleset,
) -> Iterator[tuple[Channel, SkipRule]]:
    for channel in bounced:
        yield channel, "bounced"
    for channel in CHANNELS:
        if channel in bounced or channel in granted:
            continue
        given = getattr(consent, channel)
        if given == "denied":
            yield channel, "consent-denied"
        elif given == "unknown" and channel in rules.require_consent:
            yield channel, "consent-unknown"


def _open(playbooks: Playbooks, state: Active, plan: TouchPlanned) -> Active:
    cadence = playbooks.by_digest[state.enrolment.playbook_digest].cadence[state.enrolment.cadence]
    return replace(
        state,
        step=plan.step,
        attempt=plan.attempt or 1,
        plan_id=plan.plan_id,
        not_before=plan.not_before,
        moved_from=plan.moved_from,
        again=plan.again,
        unpromised=True if plan.again == "callback" and not promised(plan) else None,
        opens_on=_opens_on(state, plan),
        paused_until=_still_paused(state, plan),
        absences=still_away(state, plan) if state.absences else None,
        for_rep=plan.for_rep,
        waiting=None if plan.waits_for is None else True,
        asked=state.asked if plan.step == state.step else None,
        lapses=state.lapses if plan.step == state.step else 0,
        tries=state.tries if plan.step == state.step else 0,
        passed=None if state.overtaken else state.passed,
        overtaken=None,
        loop=looping(state, cadence, plan) if cadence.looping else None,
        meanwhile=None,
        home=_home(state, plan),
    )


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
