"""What follows from a fact about a lead."""

from engagement.cadence.advance import Decisions, open_channel, replace_open
from engagement.cadence.disposing import after_touch
from engagement.cadence.ending import break_off
from engagement.cadence.entry import enter, enter_anew
from engagement.cadence.facts import Cause
from engagement.cadence.handing_over import hand_over
from engagement.cadence.learning import learn
from engagement.cadence.moving import move
from engagement.cadence.pausing import answer, resume
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.promise import call_back
from engagement.cadence.reacting import rules_of
from engagement.cadence.reconsidering import reconsider
from engagement.cadence.stale import after_lapse
from engagement.cadence.state import Active, Ended, NotEntered, State
from engagement.cadence.until import within
from engagement.decider import Refused
from engagement.playbook import Playbook
from schemas.events.lead import (
    Bounced,
    CallbackRequested,
    ColleagueReplied,
    EngagementSeen,
    EnrolmentMoved,
    EnrolmentPaused,
    EnrolmentRemoved,
    EnrolmentResumed,
    LeadCreated,
    LeadReassigned,
    LeadUpdated,
    MeetingBooked,
    OptedOut,
    ReplyReceived,
)
from schemas.events.touch import TouchLapsed, TouchLogged


def decide(playbooks: Playbooks, state: State, cause: Cause) -> Decisions | Refused:
    """The decisions that `cause` leads to, in order; all are made when it was recorded."""
    match state, cause.data:
        case Active(), LeadCreated() as fact:
            return enter_anew(playbooks, state, cause, fact)
        case Active(), EnrolmentMoved() as fact:
            return move(playbooks, state, fact)
        case Active(), LeadUpdated() as fact:
            return learn(playbooks, state, cause, fact)
        case Active(), _:
            return _decide_within(playbooks, state, cause)
        case ((NotEntered() | Ended()), LeadCreated() as fact):
            return enter(playbooks, state, cause, fact)
        case _:
            return ()  # nothing is planned for a lead in no cadence


def _decide_within(playbooks: Playbooks, state: Active, cause: Cause) -> Decisions | Refused:
    playbook = playbooks.by_digest[state.enrolment.playbook_digest]
    decided = _decide(playbook, state, cause)
    return (
        decided if isinstance(decided, Refused) else within(playbook, state, cause.data, decided)
    )


def _decide(playbook: Playbook, state: Active, cause: Cause) -> Decisions | Refused:
    match cause.data:
        case TouchLogged() as fact:
            return after_touch(playbook, state, fact)
        case TouchLapsed() as fact if state.awaits(fact.plan_id):
            return after_lapse(playbook, state, fact)
        case OptedOut() as fact:
            return _after_opt_out(playbook, state, fact)
        case Bounced() as fact:
            return _after_bounce(playbook, state, fact)
        case EnrolmentRemoved() as fact:
            return break_off(state, fact, "closed", "removed")
        case _:
            return _decide_around(playbook, state, cause)


def _decide_around(playbook: Playbook, state: Active, cause: Cause) -> Decisions:
    match cause.data:
        case (ReplyReceived() | ColleagueReplied() | MeetingBooked() | EnrolmentPaused()) as fact:
            return answer(playbook, state, fact)
        case EnrolmentResumed() as fact:
            return resume(playbook, state, fact)
        case CallbackRequested() as fact:
            return call_back(playbook, state, fact)
        case EngagementSeen() as fact:
            return reconsider(playbook, state, fact)
        case LeadReassigned() as fact:
            return hand_over(playbook, state, fact)
        case _:
            return ()  # late, repeated and foreign facts change nothing


def _after_opt_out(playbook: Playbook, state: Active, fact: OptedOut) -> Decisions:
    if fact.channel == "all" or rules_of(playbook, state).opted_out == "finish":
        return break_off(state, fact, "opted-out")
    if state.plan_id is None or fact.channel != open_channel(playbook, state):
        return ()  # later steps on this channel are skipped when their turn comes
    return replace_open(playbook, state, fact, "opted-out")


def _after_bounce(playbook: Playbook, state: Active, fact: Bounced) -> Decisions:
    if rules_of(playbook, state).bounced == "finish":
        return break_off(state, fact, "closed", "bounced")
    if state.plan_id is None or fact.channel != open_channel(playbook, state):
        return ()  # later steps on this channel are skipped when their turn comes
    return replace_open(playbook, state, fact, "exhausted", "bounced")
