"""The cadence's own decisions, for tests of what the queue tells it and hears of it."""

from datetime import datetime
from typing import Any

from engagement.cadence.decider import Partition
from engagement.decider import Refused
from engagement.playbook import Playbook
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Features
from schemas.events.lead import LeadCreated
from schemas.events.playbook import PlaybookPublished
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead


def entering(partition: Partition, lead: Lead, playbook: Playbook) -> tuple[Event[Any], ...]:
    """The lead enters by the playbook, in the team of the tests."""
    known = {"playbook": playbook.name, "digest": playbook.digest, "content": playbook.content}
    apply(partition, told(PlaybookPublished(occurred_at=NOW, recorded_at=NOW, **known)))
    times: dict[str, datetime] = {"occurred_at": NOW, "recorded_at": NOW}
    features = Features(source="web-form")
    fact = LeadCreated(lead_id=lead.id, features=features, sealed=lead.sealed, **times)
    decided = apply(partition, told(fact))
    return tuple(
        Event(one.envelope, one.data.model_copy(update={"team": TEAM}))
        if one.data.type == "cadence-entered"
        else one
        for one in decided
    )


def apply(partition: Partition, fact: Event[Any]) -> tuple[Event[Any], ...]:
    """What the cadence decides on the fact."""
    decided = partition.apply(fact)
    assert not isinstance(decided, Refused)
    return decided


def told(fact: Any) -> Event[Any]:
    """The fact as a message of a stranger."""
    return Event(Envelope(derived_id("told", fact.type), "/test"), fact)
