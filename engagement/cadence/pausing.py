"""How an enrolment is paused and goes on again."""

from engagement.cadence.advance import Decisions, go_on, hold, open_channel, replace_open
from engagement.cadence.ending import break_off
from engagement.cadence.out_of_office import back_sooner
from engagement.cadence.reacting import Disturbance, pause_end, reaction
from engagement.cadence.reconsidering import reconsider
from engagement.cadence.repeat import Repeat, once_more
from engagement.cadence.state import Active
from engagement.playbook import Playbook
from schemas.events.decision import CadencePaused, EndReason
from schemas.events.fact import LeadFact
from schemas.events.lead import EnrolmentResumed, MeetingBooked, ReplyReceived


def answer(playbook: Playbook, state: Active, fact: Disturbance) -> Decisions:
    """The end, a pause, or nothing, as the ruleset of the cadence says."""
    action = reaction(playbook, state, fact).action
    if action == "continue":
        return reconsider(playbook, state, fact)
    if action == "finish":
        return _finish(state, fact)
    if isinstance(fact, ReplyReceived) and fact.auto_reply:
        return hold(playbook, state, fact) or back_sooner(playbook, state, fact)
    if pause_end(playbook, state, fact) is not None:
        return hold(playbook, state, fact) or reconsider(playbook, state, fact)
    return pause(state, fact)


def resume(playbook: Playbook, state: Active, fact: EnrolmentResumed) -> Decisions:
    """The touch that was held back, at once; if it was meant for later, then.

    What comes after it, where it was made although the cadence was paused. The end of a time off
    lets nothing go on that people paused.
    """
    if fact.time_off_id is not None and state.plan_id is None:
        return ()
    if state.meanwhile == "made":
        return go_on(playbook, state, fact)
    channel = open_channel(playbook, state)
    if channel in state.closed:
        reason: EndReason = "opted-out" if channel in state.opted_out else "exhausted"
        return replace_open(playbook, state, fact, reason)
    if state.plan_id is not None and state.moved_from is None:
        return ()
    moment = max(state.moved_from or state.not_before or fact.recorded_at, fact.recorded_at)
    held_until = state.held_until or fact.recorded_at
    promised = state.promised and moment > max(held_until, fact.recorded_at)
    repeat = Repeat(moment, state.again, state.for_rep, promised)
    plan = once_more(playbook, state, fact, repeat)
    known = state.plan_id is not None and plan.not_before == state.not_before
    return () if known else (plan,)


def pause(state: Active, fact: LeadFact) -> Decisions:
    """The wait until people resume it; nothing where it waits already."""
    if state.plan_id is None:
        return ()
    paused = CadencePaused(
        lead_id=fact.lead_id,
        occurred_at=fact.recorded_at,
        recorded_at=fact.recorded_at,
        enrolment_id=state.enrolment.id,
        plan_id=state.plan_id,
    )
    return (paused,)


def _finish(state: Active, fact: Disturbance) -> Decisions:
    if isinstance(fact, MeetingBooked):
        return break_off(state, fact, "meeting-booked")
    away = isinstance(fact, ReplyReceived) and fact.auto_reply
    return break_off(state, fact, "replied", "out-of-office" if away else None)
