"""What the playbook says of a reply, a meeting or a pause: end, go on, or wait, and how long."""

from datetime import datetime

from engagement.cadence.state import Active
from engagement.calendar.window import local_date
from engagement.playbook import Playbook
from engagement.playbook.reaction import Reaction
from engagement.playbook.ruleset import Ruleset
from schemas.events.lead import ColleagueReplied, EnrolmentPaused, MeetingBooked, ReplyReceived

Disturbance = ReplyReceived | ColleagueReplied | MeetingBooked | EnrolmentPaused
"""What may end or pause a cadence, as its ruleset says."""

PAUSE = Reaction.model_validate("pause")
CONTINUE = Reaction.model_validate("continue")


def rules_of(playbook: Playbook, state: Active) -> Ruleset:
    """The ruleset of the cadence that the lead is in."""
    return playbook.ruleset[state.enrolment.cadence]


def reaction(playbook: Playbook, state: Active, fact: Disturbance) -> Reaction:
    """How the cadence answers the fact."""
    rules = rules_of(playbook, state)
    match fact:
        case EnrolmentPaused():
            return PAUSE
        case MeetingBooked():
            return rules.meeting_booked
        case ColleagueReplied():
            return rules.reply_colleague or CONTINUE
        case ReplyReceived(auto_reply=True):
            return rules.out_of_office
        case _:
            steps = playbook.cadence[state.enrolment.cadence].steps[: state.step]
            own = any(step.channel == fact.channel for step in steps)
            return rules.reply if own else rules.reply_elsewhere


def pause_end(playbook: Playbook, state: Active, fact: Disturbance) -> datetime | None:
    """The moment at which the pause ends that this fact begins; nothing where it has no end."""
    if isinstance(fact, EnrolmentPaused):
        return fact.until
    answer = reaction(playbook, state, fact)
    if answer.action != "pause":
        return None
    ends_at = None if answer.wait is None else fact.recorded_at + answer.wait
    if isinstance(fact, ReplyReceived) and fact.auto_reply:
        longest = fact.recorded_at + rules_of(playbook, state).longest_absence
        return min(_return(state, fact) or ends_at or longest, longest)
    return ends_at


def _return(state: Active, fact: ReplyReceived) -> datetime | None:
    """The return that was told; none where that is no later day, by the lead's clock, as machines
    go on telling of an absence that is over."""
    back, zone = fact.returns_on, state.enrolment.time_zone
    if back is None or local_date(back, zone) <= local_date(fact.recorded_at, zone):
        return None
    return back
