"""What is told before a step is planned: which steps are passed over, why, and exposure."""

from collections.abc import Iterator, Sequence

from engagement.cadence.conditions import failed
from engagement.cadence.facts import Decision
from engagement.cadence.state import Active
from engagement.calendar import zones
from engagement.experiment.exposure import exposure
from engagement.playbook import Cadence, Step
from schemas.events.fact import LeadFact
from schemas.events.plan import SkipRule, TouchSkipped


def passed(
    state: Active, cadence: Cadence, taken: int, number: int | None, cause: LeadFact
) -> tuple[Decision, ...]:
    """The steps after `taken` that are passed over before step `number`, and the exposure."""
    if not state.closed and state.exposes_at is None and not cadence.conditional:
        return ()
    skipped = _skipped(state, cadence.steps, taken, number, cause)
    return *skipped, *exposure(state, number, cause)


def _skipped(
    state: Active, steps: Sequence[Step], taken: int, number: int | None, cause: LeadFact
) -> Iterator[Decision]:
    """The steps between that an opt-out, a rule or a condition forbids."""
    rules, last = dict(state.barred), len(steps) if number is None else number - 1
    for between, step in enumerate(steps[taken:last], start=taken + 1):
        if step.channel in state.opted_out:
            yield _skip(state, between, step, cause, "consent-denied")
        elif step.channel in rules:
            yield _skip(state, between, step, cause, rules[step.channel])
        elif step.only_if is not None:
            yield failed(state, between, step, cause)


def _skip(state: Active, number: int, step: Step, cause: LeadFact, rule: SkipRule) -> TouchSkipped:
    now, time_zone = cause.recorded_at, state.enrolment.time_zone
    return TouchSkipped(
        lead_id=cause.lead_id,
        occurred_at=now,
        recorded_at=now,
        enrolment_id=state.enrolment.id,
        step=number,
        channel=step.channel,
        rule=rule,
        opted_out=True if step.channel in state.opted_out else None,
        playbook_digest=state.enrolment.playbook_digest,
        local_time=now.astimezone(zones.zone(time_zone)).isoformat(timespec="minutes"),
        time_zone=time_zone,
    )
