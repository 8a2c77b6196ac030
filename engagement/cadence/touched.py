"""What the cadence remembers of a touch, made or not: the attempt, its day, and the days lost."""

from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from engagement.cadence.facts import Cause, made_at
from engagement.cadence.home import disturbed
from engagement.cadence.late import belated, lapsed_before, passed, reopened
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import Active, Ended, Outside
from engagement.cadence.touches import Touches, counted, kept_unplaced
from engagement.calendar.window import local_date
from engagement.playbook import Playbook
from engagement.playbook.result import WAITING
from schemas.events.fact import Channel
from schemas.events.touch import TouchLapsed, TouchLogged

_NOTHING = timedelta(0)


def touched(playbooks: Playbooks, state: Active, cause: Cause, fact: TouchLogged) -> Active:
    """The state after a touch: of the open plan, of one that is open no longer, or of none."""
    if state.awaits(fact.plan_id):
        return _answered(playbooks, state, fact)
    if fact.plan_id is not None:
        late = _touched_late if state.plan_id is not None else _touched_paused
        return late(playbooks, state, fact, fact.plan_id)
    if cause.envelope.id == state.unplanned:
        return state
    touches = _count(playbooks, state, fact.channel, made_at(fact))
    attempts, unplanned = state.attempts + 1, cause.envelope.id
    return replace(state, attempts=attempts, unplanned=unplanned, touches=touches)


def lapsed(state: Active, fact: TouchLapsed) -> Active:
    """The state after the open plan lapsed; a touch told late may still answer it."""
    today = local_date(fact.recorded_at, state.enrolment.time_zone)
    return replace(
        state,
        day_one=_slid(state, today),
        first_day=_first_day(state, today),
        opens_on=max(state.opens_on, today),
        lapses=state.lapses + 1,
        passed=passed(state),
        replaced=None,
    )


def _answered(playbooks: Playbooks, state: Active, fact: TouchLogged) -> Active:
    made = made_at(fact)
    day = local_date(made, state.enrolment.time_zone)
    return replace(
        state,
        attempts=state.attempts + 1,
        day_one=_slid(state, day),
        first_day=_first_day(state, day),
        opens_on=max(state.opens_on, day),
        touches=_count(playbooks, state, fact.channel, made),
        asked=state.attempt + 1,
        tries=state.tries + 1,
        lapses=0,
        passed=None,
        replaced=None,
    )


def _touched_paused(
    playbooks: Playbooks, state: Active, fact: TouchLogged, plan_id: UUID
) -> Active:
    """After a touch that was being made when the cadence was paused without an end, or before.

    It counts, and what it ends it ends; otherwise the lead waits as it did.
    """
    playbook = playbooks.by_digest[state.enrolment.playbook_digest]
    if belated(state, plan_id):
        heard = _answered(playbooks, replace(state, plan_id=plan_id), fact)
        if _over(playbook, heard, fact):
            return replace(heard, meanwhile="made", home=None)
        return replace(heard, meanwhile="to-be-made", home=disturbed(state.home))
    if not lapsed_before(state, plan_id):
        return state
    touches = _count(playbooks, state, fact.channel, made_at(fact))
    heard = replace(state, attempts=state.attempts + 1, touches=touches, passed=None)
    if not _ends(playbook, fact):
        return heard
    return replace(heard, plan_id=plan_id, asked=state.attempt + 1)  # answered, so never told anew


def _touched_late(playbooks: Playbooks, state: Active, fact: TouchLogged, plan_id: UUID) -> Active:
    """After a touch whose plan is open no longer; nothing new where that was answered.

    A promise that the lead was given meanwhile stands, unless the touch ended the cadence. One
    that was missed is kept by it: nobody remembers which of the plans was the promised call.
    """
    late = reopened(state, plan_id)
    if late is None:
        return state
    playbook = playbooks.by_digest[state.enrolment.playbook_digest]
    promise = state.again == "callback" and not state.missed
    if not promise or _ends(playbook, fact) or state.stands_in_for(fact.plan_id):
        return _answered(playbooks, late, fact)
    touches = _count(playbooks, state, fact.channel, made_at(fact))
    heard = replace(state, attempts=state.attempts + 1, touches=touches)
    return replace(heard, asked=state.attempt, passed=None, replaced=None)


def _over(playbook: Playbook, state: Active, fact: TouchLogged) -> bool:
    """Whether the step is not taken again."""
    action = playbook.actions.get(fact.result_code)
    if action == "schedule-callback":
        return "call" in state.closed
    tried = action in WAITING and state.tries >= (playbook.tries[fact.result_code] or 0)
    return action == "next-touch" or tried


def _ends(playbook: Playbook, fact: TouchLogged) -> bool:
    action = playbook.actions.get(fact.result_code)
    return action != "next-touch" and action not in WAITING


def touched_outside(
    playbooks: Playbooks, state: Outside, cause: Cause, fact: TouchLogged
) -> Outside:
    """The state of a lead in no cadence after a touch, which counts for the caps of the next one.

    Of touches that were planned only that of the plan withdrawn at the end may still be told. The
    day is that of the last enrolment's zone, or else of the next one's, when the lead enters.
    """
    told = fact.plan_id not in {None, _withdrawn(state)} or cause.envelope.id == state.unplanned
    if told or playbooks.current is None:
        return state
    if isinstance(state, Ended) and fact.plan_id is not None:
        state = replace(state, withdrawn=None)
    apart = playbooks.apart()
    if apart is None:
        return state
    unplanned = cause.envelope.id if fact.plan_id is None else state.unplanned
    return replace(state, touches=_count_outside(apart, state, fact), unplanned=unplanned)


def _count_outside(apart: frozenset[Channel], state: Outside, fact: TouchLogged) -> Touches:
    zone, made = state.time_zone if isinstance(state, Ended) else None, made_at(fact)
    if zone is None:
        return kept_unplaced(apart, state.touches, fact.channel, made)
    return counted(apart, state.touches, fact.channel, made, local_date(made, zone))


def _withdrawn(state: Outside) -> UUID | None:
    return state.withdrawn if isinstance(state, Ended) else None


def _count(
    playbooks: Playbooks, state: Active, channel: Channel, made: datetime
) -> Touches | None:
    apart = playbooks.apart(playbooks.by_digest[state.enrolment.playbook_digest])
    if apart is None:
        return state.touches
    day = local_date(made, state.enrolment.time_zone)
    return counted(apart, state.touches, channel, made, day)


def _first_day(state: Active, day: date) -> date | None:
    """The day of entry, remembered as soon as days lost until this one move the first day on."""
    return state.first_day or (state.day_one if day > state.opens_on else None)


def _slid(state: Active, day: date) -> date:
    """Days lost waiting for the touch move the rest of the cadence; none is ever gained."""
    return state.day_one + max(day - state.opens_on, _NOTHING)
