"""A touch that nobody made in its day: the same one on the next, until its step is stale."""

from engagement.cadence.advance import Decisions, go_on, make_up
from engagement.cadence.calling_back import CALLBACK_DAYS
from engagement.cadence.reacting import rules_of
from engagement.cadence.reconsidering import given_up
from engagement.cadence.repeat import Repeat, once_more
from engagement.cadence.state import Active
from engagement.playbook import Playbook
from schemas.events.touch import TouchLapsed


def after_lapse(playbook: Playbook, state: Active, fact: TouchLapsed) -> Decisions:
    """The step once more, where its ruleset gives it another day; else what comes after it."""
    if state.again == "callback":
        return _after_callback(playbook, state, fact)
    if _has_another_day(playbook, state):
        repeat = Repeat(fact.recorded_at, state.again, state.rep)
        return (once_more(playbook, state, fact, repeat),)
    return *given_up(playbook, state, fact), *go_on(playbook, state, fact)


def _after_callback(playbook: Playbook, state: Active, fact: TouchLapsed) -> Decisions:
    """The call once more; at last the touch in whose place it was, where that was never made."""
    days = rules_of(playbook, state).stale_after_days or CALLBACK_DAYS
    if state.lapses < days:
        return (
            once_more(playbook, state, fact, Repeat(fact.recorded_at, "callback", state.for_rep)),
        )
    return go_on(playbook, state, fact) if state.tries else make_up(playbook, state, fact)


def _has_another_day(playbook: Playbook, state: Active) -> bool:
    """Never what no rep makes: a message asked of a tool, and a plan that only waits."""
    days = rules_of(playbook, state).stale_after_days
    if days is None or state.lapses >= days or state.waiting:
        return False
    step = playbook.cadence[state.enrolment.cadence].steps[state.step - 1]
    return step.kind != "automated"
