"""What a cadence would do: every touch of one lead, each made as soon as it may be."""

from collections.abc import Collection, Iterator
from datetime import datetime

from engagement.cadence.decider import Partition
from engagement.decider import Refused
from engagement.playbook import Playbook, Step
from engagement.playbook.answerable import shown_by
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.decision import CadenceEnded, CadenceEntered
from schemas.events.fact import Fact, Features
from schemas.events.lead import EngagementSeen, LeadCreated, Signal
from schemas.events.plan import (
    ConditionFailed,
    TouchPlanned,
    TouchSkipped,
    TouchWithdrawn,
)
from schemas.events.playbook import PlaybookPublished
from schemas.events.touch import TouchLapsed, TouchLogged

LeftOut = TouchSkipped | ConditionFailed
"""A step that is not taken, and why."""

_LEAD = derived_id("lead", "timeline")


def timeline(
    playbook: Playbook, features: Features, entered_at: datetime
) -> Iterator[TouchPlanned]:
    """The touches that are made of a lead that enters at this moment and gives no sign.

    Raises ValueError as `course` does.
    """
    turns = course(playbook, features, entered_at)
    return (turn for turn in turns if isinstance(turn, TouchPlanned))


def course(
    playbook: Playbook,
    features: Features,
    entered_at: datetime,
    seen: Collection[Signal] = (),
) -> Iterator[TouchPlanned | LeftOut | CadenceEnded]:
    """Which touches are made, which steps are left out, and the end, decided as they are live.

    Each touch is made as soon as it may be, and ends with the first result code that lets the
    cadence go on; raises ValueError if the playbook has none. The lead gives these signs with
    every message that could show them, and no other: a touch that waits for one in vain lapses.
    """
    code = _going_on(playbook)
    partition = Partition()
    _decided(partition, _published(playbook, entered_at), "published")
    told = _decided(partition, _created(features, entered_at), "created")
    steps = _steps(playbook, told)
    while True:
        yield from (one for one in told if isinstance(one, LeftOut | CadenceEnded))
        plan = _open(told)
        if plan is None:
            return
        if plan.waits_for is None:
            yield plan
        told = _answered(partition, steps[plan.step - 1], plan, code, seen)


def entering(playbook: Playbook, cadence: str) -> Playbook:
    """The same playbook, by which every lead enters this cadence, which is one of its own."""
    known = playbook.model_dump(mode="json", exclude_none=True)
    return Playbook.model_validate({**known, "entry": [{"cadence": cadence}]})


def _going_on(playbook: Playbook) -> str:
    for code, action in playbook.actions.items():
        if action == "next-touch":
            return code
    raise ValueError("results: none goes on to the next touch; add one with action next-touch")


def _answered(
    partition: Partition,
    step: Step,
    plan: TouchPlanned,
    code: str,
    seen: Collection[Signal],
) -> list[Fact]:
    """What follows from the touch and from the signs after it, or from its lapse."""
    if plan.waits_for is not None:
        return _decided(partition, _lapsed(plan), f"lapsed/{plan.plan_id}")
    told = _decided(partition, _made(plan, code), f"made/{plan.plan_id}")
    for signal in (signal for signal in shown_by(step) if signal in seen):
        told += _decided(partition, _sign(plan, signal), f"{signal}/{plan.plan_id}")
    return told


def _steps(playbook: Playbook, told: list[Fact]) -> tuple[Step, ...]:
    entered = next((one for one in told if isinstance(one, CadenceEntered)), None)
    return playbook.cadence[entered.cadence].steps if entered else ()


def _open(told: list[Fact]) -> TouchPlanned | None:
    """The plan that is left: a later one takes the place of an earlier one."""
    last = [one for one in told if isinstance(one, TouchPlanned | TouchWithdrawn)][-1:]
    return last[0] if last and isinstance(last[0], TouchPlanned) else None


def _decided(partition: Partition, fact: Fact, name: str) -> list[Fact]:
    event = Event(Envelope(derived_id("timeline", name), "/touchline/timeline"), fact)
    decided = partition.apply(event)
    if isinstance(decided, Refused):
        raise ValueError(decided.reason)
    return [one.data for one in decided]


def _published(playbook: Playbook, now: datetime) -> PlaybookPublished:
    return PlaybookPublished(
        occurred_at=now,
        recorded_at=now,
        playbook=playbook.name,
        digest=playbook.digest,
        content=playbook.content,
    )


def _created(features: Features, now: datetime) -> LeadCreated:
    return LeadCreated(
        lead_id=_LEAD, occurred_at=now, recorded_at=now, features=features, sealed=""
    )


def _made(plan: TouchPlanned, code: str) -> TouchLogged:
    return TouchLogged(
        lead_id=_LEAD,
        occurred_at=plan.not_before,
        recorded_at=plan.not_before,
        plan_id=plan.plan_id,
        channel=plan.channel,
        result_code=code,
    )


def _lapsed(plan: TouchPlanned) -> TouchLapsed:
    moment = plan.lapses_at
    return TouchLapsed(lead_id=_LEAD, occurred_at=moment, recorded_at=moment, plan_id=plan.plan_id)


def _sign(plan: TouchPlanned, signal: Signal) -> EngagementSeen:
    return EngagementSeen(
        lead_id=_LEAD,
        occurred_at=plan.not_before,
        recorded_at=plan.not_before,
        channel=plan.channel,
        signal=signal,
        plan_id=plan.plan_id,
    )
