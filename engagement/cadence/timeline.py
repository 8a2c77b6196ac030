"""What a cadence would do: every touch of one lead, each made as soon as it may be."""

from collections.abc import Iterator
from datetime import datetime

from engagement.cadence.decider import Partition
from engagement.decider import Refused
from engagement.playbook import Playbook
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.decision import TouchPlanned
from schemas.events.fact import Fact, Features
from schemas.events.lead import LeadCreated
from schemas.events.playbook import PlaybookPublished
from schemas.events.touch import TouchLogged

_LEAD = derived_id("lead", "timeline")


def timeline(
    playbook: Playbook, features: Features, entered_at: datetime
) -> Iterator[TouchPlanned]:
    """The plans of a lead that enters at this moment, decided as they are decided live.

    Each touch ends with the first result code that lets the cadence go on; raises ValueError
    if the playbook has none.
    """
    code = _going_on(playbook)
    partition = Partition()
    partition.apply(_event(_published(playbook, entered_at), 0))
    plan = _next(partition, _created(features, entered_at), 0)
    while plan is not None:
        yield plan
        plan = _next(partition, _made(plan, code), plan.step)


def entering(playbook: Playbook, cadence: str) -> Playbook:
    """The same playbook, by which every lead enters this cadence, which is one of its own."""
    known = playbook.model_dump(mode="json", exclude_none=True)
    return Playbook.model_validate({**known, "entry": [{"cadence": cadence}]})


def _going_on(playbook: Playbook) -> str:
    for code, action in playbook.actions.items():
        if action == "next-touch":
            return code
    raise ValueError("results: none goes on to the next touch; add one with action next-touch")


def _next(partition: Partition, fact: Fact, number: int) -> TouchPlanned | None:
    decided = partition.apply(_event(fact, number))
    if isinstance(decided, Refused):
        raise ValueError(decided.reason)
    return next((one.data for one in decided if isinstance(one.data, TouchPlanned)), None)


def _event(fact: Fact, number: int) -> Event[Fact]:
    id_ = derived_id("timeline", fact.type, str(number))
    return Event(Envelope(id_, "/touchline/timeline"), fact)


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
