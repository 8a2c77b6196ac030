"""Which touch is next, and its plan."""

from engagement.cadence.facts import plan_of, touch_planned
from engagement.cadence.proof import told
from engagement.cadence.state import Active, OptOut
from engagement.cadence.timing import times
from engagement.cadence.turn import Turn
from engagement.playbook import Cadence, Playbook
from schemas.events.fact import LeadFact
from schemas.events.plan import TouchPlanned


def next_step(cadence: Cadence, taken: int, opted_out: tuple[OptOut, ...]) -> int | None:
    """The number of the first step after step `taken` on a channel that the lead allows."""
    for number, step in enumerate(cadence.steps[taken:], start=taken + 1):
        if step.channel not in opted_out:
            return number
    return None


def plan(playbook: Playbook, state: Active, number: int, cause: LeadFact) -> TouchPlanned:
    """The plan for step `number`, made when `cause` was recorded."""
    steps, now = playbook.cadence[state.enrolment.cadence].steps, cause.recorded_at
    step = steps[number - 1]
    turn = Turn(playbook, state, cause, step.channel)
    return touch_planned(
        lead_id=cause.lead_id,
        occurred_at=now,
        recorded_at=now,
        enrolment_id=state.enrolment.id,
        plan_id=plan_of(state.plan_root, number),
        step=number,
        steps=len(steps),
        attempts=state.attempts,
        channel=step.channel,
        activity=step.activity,
        result_codes=playbook.codes,
        kind=step.kind,
        template=step.template,
        **told(turn, times(turn, number)),
    )
