"""How long one core takes to decide: microseconds a fact, beside each part of it.

Method: leads come in and are touched until their cadence is exhausted, interleaved as on a busy
partition, each fact 431 seconds after the one before. For each fact the state is read from its
stored bytes, the decisions are made with their ids, and the state is turned to bytes again where
it changed: what the fold does, without Kafka and PostgreSQL. A round is timed in parts, and of
each part the best of several rounds counts.

    python -m benchmarks decider
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any
from uuid import UUID

from benchmarks.parts import PART, fastest
from benchmarks.report import Report
from engagement.cadence.decider import Partition
from engagement.cadence.state import INITIAL, Active
from engagement.cadence.stored import dump, load
from engagement.decider import Refused
from engagement.playbook.reading import from_yaml
from schemas.codec import encode
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import ChannelConsent, Fact, Features, LeadFact
from schemas.events.lead import EngagementSeen, LeadCreated
from schemas.events.playbook import PlaybookPublished
from schemas.events.touch import TouchLogged
from services.runtime.process.garbage import collect_seldom

LEADS = 2_000
START = datetime(2025, 3, 3, 8, tzinfo=UTC)
PLACES = ("DE", "US", "JP", None)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", None)
PLAYBOOK = Path(__file__).parents[1] / "playbooks" / "seed-9-in-18.yaml"
FULL_RULES = Path(__file__).with_name("full-rules.yaml")
AIM = "under 30 us a fact, 60,000 a second with full rules, under 600 bytes of state"


def main() -> Report:
    """The figures, in microseconds of one core."""
    full = {f"full rules: {name}": value for name, value in _best(FULL_RULES).items()}
    return Report("decider", {**_best(PLAYBOOK), **full}, AIM)


def _best(playbook: Path) -> dict[str, float]:
    causes = tuple(history(LEADS, playbook))
    snapshots: list[bytes] = []
    decided: list[Event[Fact]] = []
    collect_seldom()  # as every service does
    gc.freeze()  # a fold holds a batch, not a log: collecting the log is not its work
    whole = fastest(lambda: _fold(causes, [], []))
    _fold(causes, snapshots, decided)
    states = [load(snapshot) for snapshot in snapshots]
    micro = 1e6 / len(causes)
    figures = {
        "facts": len(causes),
        "decisions": len(decided),
        "us_a_fact": whole * micro,
        "of which us_load": fastest(lambda: _each(load, snapshots)) * micro,
        "of which us_dump": fastest(lambda: _each(dump, states)) * micro,
        "besides us_encode": fastest(lambda: _each(encode, decided)) * micro,
        "facts_a_second": len(causes) / whole,
        "largest_state_bytes": max(map(len, snapshots)),
    }
    gc.unfreeze()
    return figures


def history(leads: int, file: Path = PLAYBOOK) -> Iterator[Event[Fact]]:
    """The playbook, then each lead's facts, the next of every lead in turn, by its plans."""
    playbook = from_yaml(file.read_text(encoding="utf-8"), file.name)
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
        for number in range(leads):
            now += timedelta(seconds=431)
            cause = _next(partition, number, turn, now)
            if cause is not None:
                partition.apply(cause)
                yield cause


def _next(partition: Partition, number: int, turn: int, now: datetime) -> Event[Fact] | None:
    lead = derived_id("lead", str(number))
    if turn == 0:
        features = Features(source="shopify", time_zone=ZONES[number % len(ZONES)])
        if partition.playbooks.current and partition.playbooks.current.rulesets:
            features = features.model_copy(update=_looked_at(number))
        created = LeadCreated(
            occurred_at=now, recorded_at=now, lead_id=lead, features=features, sealed="A" * 200
        )
        return _event(created, f"created-{number}")
    state = partition.states[lead]
    if not isinstance(state, Active):
        return None
    times = {"occurred_at": now, "recorded_at": now, "lead_id": lead}
    if state.waiting:
        seen = EngagementSeen(**times, channel="email", signal="accepted")
        return _event(seen, f"seen-{number}-{turn}")
    code = _code(partition, state, number + turn)
    touch = TouchLogged(
        **times, plan_id=state.plan_id, channel="call", result_code=code, rep_id="ana"
    )
    return _event(touch, f"touch-{number}-{turn}")


def _looked_at(number: int) -> dict[str, object]:
    """What only rules look at that the seed's playbook does not have."""
    consent = ChannelConsent(sms="granted")
    return {"country": PLACES[number % len(PLACES)], "score": number % 100, "consent": consent}


def _code(partition: Partition, state: Active, number: int) -> str:
    """Mostly nobody answers; where the playbook has such codes, some are tried or called again."""
    known = partition.playbooks.by_digest[state.enrolment.playbook_digest].actions
    code = {5: "BUSY", 11: "LATER"}.get(number % 12, "NOANSWER")
    return code if code in known else "NOANSWER"


def _event(fact: Fact, name: str) -> Event[Fact]:
    return Event(Envelope(derived_id("benchmark", name), "/touchline/benchmark", sequence=1), fact)


def _fold(
    causes: tuple[Event[Fact], ...], snapshots: list[bytes], decided: list[Event[Fact]]
) -> list[float]:
    """The seconds of each part; `snapshots` and `decided` are filled with what came of it."""
    partition, stored, seconds = Partition(), dict[UUID, bytes](), list[float]()
    for first in range(0, len(causes), PART):
        began = process_time()
        for cause in causes[first : first + PART]:
            lead = cause.data.lead_id if isinstance(cause.data, LeadFact) else None
            before = load(stored[lead]) if lead in stored else INITIAL
            if lead is not None:
                partition.states = {lead: before}
            made = partition.apply(cause)
            assert not isinstance(made, Refused)
            decided += made
            if lead is not None and partition.states[lead] is not before:
                stored[lead] = dump(partition.states[lead])
                snapshots.append(stored[lead])
        seconds.append(process_time() - began)
    return seconds


def _each(work: Callable[[Any], object], many: Sequence[Any]) -> list[float]:
    seconds = list[float]()
    for first in range(0, len(many), PART):
        began = process_time()
        for one in many[first : first + PART]:
            work(one)
        seconds.append(process_time() - began)
    return seconds
