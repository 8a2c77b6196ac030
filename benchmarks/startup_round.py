"""One round of `startup`: a playbook of many cadences, and the first lead that enters by it."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import yaml

from engagement.cadence.decider import Partition
from engagement.decider import Refused
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Fact, Features
from schemas.events.lead import LeadCreated
from schemas.events.playbook import PlaybookPublished

NOW = datetime(2025, 3, 3, 8, tzinfo=UTC)


def content(file: Path, cadences: int) -> str:
    """The playbook of the file with its cadence under so many names, as a log holds it."""
    known = yaml.safe_load(file.read_text(encoding="utf-8"))
    steps = known["cadences"][0]["steps"]
    known["cadences"] = [{"name": f"cadence-{n}", "steps": steps} for n in range(cadences)]
    known["entry"] = [{"cadence": f"cadence-{cadences - 1}"}]
    return json.dumps(known, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def first_decision(content: str) -> None:
    """Read the playbook, and let a lead enter."""
    partition = Partition()
    digest = hashlib.sha256(content.encode()).hexdigest()
    times = {"occurred_at": NOW, "recorded_at": NOW}
    published = PlaybookPublished(**times, playbook="many", digest=digest, content=content)
    lead = derived_id("lead", "first")
    created = LeadCreated(**times, lead_id=lead, features=Features(source="x"), sealed="")
    for fact in (published, created):
        decided = partition.apply(_event(fact))
        assert not isinstance(decided, Refused), decided
    assert decided


def _event(fact: Fact) -> Event[Fact]:
    return Event(Envelope(derived_id("benchmark", fact.type), "/touchline/benchmark"), fact)
