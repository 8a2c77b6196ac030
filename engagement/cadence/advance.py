"""How an enrolment goes on: to its next step, to the same step again, or to its end."""

from collections.abc import Sequence

from engagement.cadence.ending import break_off, end
from engagement.cadence.facts import Decision
from engagement.cadence.plan import next_step
from engagement.cadence.repeat import Repeat, earliest, once_more, planned
from engagement.cadence.state import Active
from engagement.experiment.exposure import exposure
from engagement.playbook import Playbook, Step
from schemas.events.decision import EndReason, ExitReason, TouchSkipped
from schemas.events.fact import Channel, LeadFact

Decisions = tuple[Decision, ...]


def go_on(playbook: Playbook, state: Active, cause: LeadFact) -> Decisions:
    """The step after the answered one; the end where there is none."""
    steps = playbook.cadence[state.enrolment.cadence].steps
    number = next_step(playbook.cadence[state.enrolment.cadence], state.step, state.closed)
    before = passed(state, steps, state.step, number, cause)
    if number is None:
        return *before, *end(state, cause, "exhausted")
    return *before, planned(playbook, state, number, cause)


def replace_open(
    playbook: Playbook,
    state: Active,
    cause: LeadFact,
    reason: EndReason,
    exit_: ExitReason | None = None,
) -> Decisions:
    """What comes instead of the open plan; the end, for this reason, where nothing does."""
    cadence, taken = playbook.cadence[state.enrolment.cadence], state.step - 1
    number = next_step(cadence, taken, state.closed)
    before = passed(state, cadence.steps, taken, number, cause)
    if number is None:
        return *before, *break_off(state, cause, reason, exit_)
    return *before, planned(playbook, state, number, cause)


def hold(playbook: Playbook, state: Active, cause: LeadFact) -> Decisions:
    """The open plan made anew for later, where a pause or a cap now forbids its moment."""
    if state.plan_id is None or state.not_before is None:
        return ()
    opens_at = max(state.not_before, cause.recorded_at)
    channel = open_channel(playbook, state)
    if earliest(playbook, state, channel, opens_at, state.again) == opens_at:
        return ()
    return (once_more(playbook, state, cause, Repeat(opens_at, state.again, state.for_rep)),)


def open_channel(playbook: Playbook, state: Active) -> Channel:
    """The channel of the last plan: a callback is a call, whatever its step is."""
    if state.again == "callback":
        return "call"
    return playbook.cadence[state.enrolment.cadence].steps[state.step - 1].channel


def passed(
    state: Active, steps: Sequence[Step], taken: int, number: int | None, cause: LeadFact
) -> Decisions:
    """What is told before step `number` is planned: which steps a rule forbids, and exposure."""
    if not state.barred and state.exposes_at is None:
        return ()
    return *_skipped(state, steps, taken, number, cause), *exposure(state, number, cause)


def _skipped(
    state: Active, steps: Sequence[Step], taken: int, number: int | None, cause: LeadFact
) -> tuple[TouchSkipped, ...]:
    """The steps between that a rule forbids; an opt-out is a fact, and says so itself."""
    rules, last = dict(state.barred), len(steps) if number is None else number - 1
    return tuple(
        TouchSkipped(
            lead_id=cause.lead_id,
            occurred_at=cause.recorded_at,
            recorded_at=cause.recorded_at,
            enrolment_id=state.enrolment.id,
            step=between,
            channel=step.channel,
            rule=rules[step.channel],
        )
        for between, step in enumerate(steps[taken:last], start=taken + 1)
        if step.channel in rules and step.channel not in state.opted_out
    )
