"""What the cadence remembers of a fact, whatever is decided about it."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from engagement.cadence.absences import away, resumed
from engagement.cadence.conditions import see
from engagement.cadence.consent import consent, hear_opt_out, opt_out
from engagement.cadence.facts import Cause, handoff_of, made_at
from engagement.cadence.out_of_office import answered
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.reacting import Disturbance, pause_end
from engagement.cadence.state import Active, Ended, Outside
from engagement.cadence.touched import lapsed, touched, touched_outside
from engagement.cadence.updated import hear_update
from engagement.playbook import Playbook
from schemas.events.fact import Channel
from schemas.events.lead import (
    Bounced,
    ColleagueReplied,
    ConsentGiven,
    EngagementSeen,
    EnrolmentPaused,
    EnrolmentResumed,
    HandoffAccepted,
    HandoffRejected,
    LeadReassigned,
    LeadUpdated,
    MeetingBooked,
    OptedOut,
    ReplyReceived,
)
from schemas.events.touch import TouchLapsed, TouchLogged


def hear(playbooks: Playbooks, state: Active, cause: Cause) -> Active:
    """The state of a lead in a cadence after a fact, before anything is decided about it."""
    match cause.data:
        case TouchLogged() as fact:
            playbook = playbooks.by_digest[state.enrolment.playbook_digest]
            after = touched(playbooks, state, cause, fact)
            never_again = playbook.actions.get(fact.result_code) == "opt-out"
            return opt_out(after, "all", made_at(fact)) if never_again else after
        case TouchLapsed() as fact if state.awaits(fact.plan_id):
            return lapsed(state, fact)
        case OptedOut() as fact:
            return hear_opt_out(state, fact)
        case ConsentGiven() as fact:
            return consent(state, fact)
        case Bounced(channel=channel):
            return _bar(state, channel)
        case _:
            return _hear_around(playbooks, state, cause)


def _hear_around(playbooks: Playbooks, state: Active, cause: Cause) -> Active:
    match cause.data:
        case LeadReassigned(rep_id=rep):
            return _reassigned(state, rep)
        case EnrolmentPaused(time_off_id=UUID()) as fact:
            return away(state, fact)
        case (ReplyReceived() | ColleagueReplied() | MeetingBooked() | EnrolmentPaused()) as fact:
            return _disturbed(playbooks.by_digest[state.enrolment.playbook_digest], state, fact)
        case EngagementSeen() as fact:
            return see(playbooks.by_digest[state.enrolment.playbook_digest], state, fact)
        case EnrolmentResumed() as fact:
            return resumed(state, fact)
        case _:
            return state  # what ends a cadence is remembered by the end that is decided


def hear_outside(playbooks: Playbooks, state: Outside, cause: Cause) -> Outside:
    """The state of a lead in no cadence after a fact."""
    match cause.data:
        case OptedOut() as fact:
            return hear_opt_out(state, fact)
        case ConsentGiven() as fact:
            return consent(state, fact)
        case TouchLogged() as fact if playbooks.current is not None:
            after = touched_outside(playbooks, state, cause, fact)
            never_again = playbooks.current.actions.get(fact.result_code) == "opt-out"
            return opt_out(after, "all", made_at(fact)) if never_again else after
        case Bounced(channel=channel) if channel not in state.bounced:
            return replace(state, bounced=(*state.bounced, channel))
        case _:
            return _hear_outside_around(state, cause)


def _hear_outside_around(state: Outside, cause: Cause) -> Outside:
    match cause.data:
        case LeadUpdated() as fact:
            return hear_update(state, cause, fact)
        case (HandoffAccepted() | HandoffRejected()) as fact if isinstance(state, Ended):
            return _handoff(state, fact)
        case _:
            return state


def _reassigned(state: Active, rep: str | None) -> Active:
    """Whose touch the open plan is, another plan says; a touch that waits has none."""
    for_rep = rep if state.plan_id is None else state.for_rep
    known = (rep, for_rep) == (state.rep, state.for_rep)
    return state if known else replace(state, rep=rep, for_rep=for_rep)


def _bar(state: Active, channel: Channel) -> Active:
    """A consent opens a channel that was closed for want of one, and never a dead address."""
    if (channel, "bounced") in state.barred:
        return state
    others = (one for one in state.barred if one[0] != channel)
    return replace(state, barred=(*others, (channel, "bounced")))


def _disturbed(playbook: Playbook, state: Active, fact: Disturbance) -> Active:
    until = pause_end(playbook, state, fact)
    if isinstance(fact, ReplyReceived) and fact.auto_reply:
        return answered(state, fact, until)
    return _pause(see(playbook, state, fact), until)


def _pause(state: Active, until: datetime | None) -> Active:
    if until is None or (state.paused_until is not None and until <= state.paused_until):
        return state
    return replace(state, paused_until=until)


def _handoff(state: Ended, fact: HandoffAccepted | HandoffRejected) -> Ended:
    if fact.handoff_id != handoff_of(fact.lead_id, state.enrolment_id):
        return state
    return replace(state, handoff="accepted" if isinstance(fact, HandoffAccepted) else "rejected")
