"""The open touch of a lead that became another rep's."""

from engagement.cadence.advance import Decisions
from engagement.cadence.home import here
from engagement.cadence.repeat import as_it_was
from engagement.cadence.state import Active
from engagement.playbook import Playbook
from schemas.events.lead import LeadReassigned


def hand_over(playbook: Playbook, state: Active, fact: LeadReassigned) -> Decisions:
    """The same touch for the other rep, for what is left of its time.

    Nothing where it is no rep's: a tool that was asked for a message is not asked again.
    """
    if state.plan_id is None or state.for_rep == fact.rep_id or _is_a_tools(playbook, state):
        return ()
    theirs = here(state)._replace(for_rep=fact.rep_id)
    plan = as_it_was(playbook, state, theirs, fact)
    return () if plan is None else (plan,)


def _is_a_tools(playbook: Playbook, state: Active) -> bool:
    step = playbook.cadence[state.enrolment.cadence].steps[state.step - 1]
    return step.kind == "automated" and state.again != "callback"
