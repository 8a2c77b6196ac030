"""How long one core takes to decide: microseconds a fact, beside each part of it.

Method: leads come in and are touched until their cadence is exhausted, interleaved as on a busy
partition, each fact 431 seconds after the one before. For each fact the state is read from its
stored bytes, the decisions are made with their ids, and the state is turned to bytes again where
it changed: what the fold does, without Kafka and PostgreSQL. The best of three rounds counts.

    python -m benchmarks.decider [--json]
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from uuid import UUID

from engagement.cadence.decider import Partition
from engagement.cadence.state import INITIAL, Active, dump, load
from engagement.decider import Refused
from engagement.playbook import Playbook
from engagement.playbook.reading import from_yaml
from schemas.codec import encode
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Fact, Features
from schemas.events.lead import LeadCreated
from schemas.events.playbook import PlaybookPublished
from schemas.events.touch import TouchLogged

LEADS = 2_000
START = datetime(2025, 3, 3, 8, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", None)
PLAYBOOK = Path(__file__).parents[1] / "playbooks" / "seed-9-in-18.yaml"


def main() -> None:
    """Print the table, or JSON."""
    playbook = from_yaml(PLAYBOOK.read_text(), PLAYBOOK.name)
    causes = tuple(_history(playbook))
    best = min((_round(causes) for _ in range(3)), key=lambda result: result["us_per_fact"])
    if "--json" in sys.argv[1:]:
        print(json.dumps({"benchmark": "decider", **best}))
        return
    for name, value in best.items():
        print(f"{name:>24} {value:12,.1f}")


def _history(playbook: Playbook) -> Iterator[Event[Fact]]:
    """Each lead's facts, the next of every lead in turn, made by following the plans."""
    partition = Partition()
    published = PlaybookPublished(
        occurred_at=START,
        recorded_at=START,
        playbook=playbook.name,
        digest=playbook.digest,
        content=playbook.content,
    )
    yield _event(published, "published")
    partition.apply(_event(published, "published"))
    now = START
    for turn in range(10):
        for number in range(LEADS):
            now += timedelta(seconds=431)
            cause = _next(partition, number, turn, now)
            if cause is not None:
                partition.apply(cause)
                yield cause


def _next(partition: Partition, number: int, turn: int, now: datetime) -> Event[Fact] | None:
    lead = derived_id("lead", str(number))
    if turn == 0:
        features = Features(source="shopify", time_zone=ZONES[number % len(ZONES)])
        created = LeadCreated(
            occurred_at=now, recorded_at=now, lead_id=lead, features=features, sealed="A" * 200
        )
        return _event(created, f"created-{number}")
    state = partition.states[lead]
    if not isinstance(state, Active):
        return None
    touch = TouchLogged(
        occurred_at=now,
        recorded_at=now,
        lead_id=lead,
        plan_id=state.plan_id,
        channel="call",
        result_code="NOANSWER",
        rep_id="ana",
    )
    return _event(touch, f"touch-{number}-{turn}")


def _event(fact: Fact, name: str) -> Event[Fact]:
    return Event(Envelope(derived_id("benchmark", name), "/touchline/benchmark", sequence=1), fact)


def _round(causes: tuple[Event[Fact], ...]) -> dict[str, float]:
    stored: dict[UUID, bytes] = {}
    partition = Partition()
    reading = deciding = writing = encoding = 0.0
    decisions = 0
    for cause in causes:
        lead: UUID | None = getattr(cause.data, "lead_id", None)
        began = perf_counter()
        state = load(stored[lead]) if lead in stored else INITIAL
        read = perf_counter()
        if lead is not None:
            partition.states = {lead: state}
        decided = partition.apply(cause)
        made = perf_counter()
        assert not isinstance(decided, Refused)
        for event in decided:
            encode(event)
        encoded = perf_counter()
        if lead is not None and partition.states[lead] is not state:
            stored[lead] = dump(partition.states[lead])
        written = perf_counter()
        reading += read - began
        deciding += made - read
        encoding += encoded - made
        writing += written - encoded
        decisions += len(decided)
    micro = 1e6 / len(causes)
    return {
        "facts": len(causes),
        "decisions": decisions,
        "us_per_fact": (reading + deciding + writing) * micro,
        "us_load": reading * micro,
        "us_decide_evolve_ids": deciding * micro,
        "us_dump": writing * micro,
        "us_encode_decisions": encoding * micro,
        "facts_per_second": len(causes) / (reading + deciding + writing),
        "largest_state_bytes": max(map(len, stored.values())),
    }


if __name__ == "__main__":
    main()
