"""Pauses for a lead that is out of office, as machines tell: the latest of them says the end.

It is kept apart from what people paused: a return that is nearer than the one told before brings
the touch back, and what people paused stays so.
"""

from datetime import datetime

from msgspec.structs import replace

from engagement.cadence.advance import Decisions
from engagement.cadence.remembered import Answered
from engagement.cadence.repeat import Repeat, once_more
from engagement.cadence.state import Active
from engagement.playbook import Playbook
from schemas.events.lead import ReplyReceived


def answered(state: Active, fact: ReplyReceived, until: datetime | None) -> Active:
    """The state after a machine's answer that pauses until then; what was told before it is none.

    Of two that were recorded at one moment, the longer pause holds, in whatever order they come.
    """
    last = state.answered
    if until is None or (last is not None and not _is_news(last, fact.recorded_at, until)):
        return state
    return replace(state, answered=Answered(fact.recorded_at, until))


def back_sooner(playbook: Playbook, state: Active, fact: ReplyReceived) -> Decisions:
    """The touch that waited for a later return, planned anew for the nearer one."""
    now, opens_at = fact.recorded_at, state.not_before
    if state.plan_id is None or state.moved_from is None or opens_at is None or opens_at <= now:
        return ()
    moment, held_until = max(state.moved_from, now), state.held_until or now
    promised = state.promised and moment > max(held_until, now)
    repeat = Repeat(moment, state.again, state.for_rep, promised)
    plan = once_more(playbook, state, fact, repeat)
    return (plan,) if plan.not_before < opens_at else ()


def _is_news(last: Answered, recorded_at: datetime, until: datetime) -> bool:
    if recorded_at == last.recorded_at:
        return last.until is not None and until > last.until
    return recorded_at > last.recorded_at
