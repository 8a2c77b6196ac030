"""How long one core takes to decide: microseconds a fact, beside each part of it.

Method: leads come in and are touched until their cadence is exhausted, interleaved as on a busy
partition, each fact 431 seconds after the one before. For each fact the state is read from its
stored bytes, the decisions are made with their ids, and the state is turned to bytes again where
it changed: what the fold does, without Kafka and PostgreSQL. The best of three rounds counts.

    python -m benchmarks decider
"""

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from uuid import UUID

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
    collect_seldom()  # as every service does
    gc.freeze()  # a fold holds a batch, not a log: collecting the log is not its work
    best = min((_round(causes) for _ in range(3)), key=lambda result: result["us_a_fact"])
    gc.unfreeze()
    return best


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


def _round(causes: tuple[Event[Fact], ...]) -> dict[str, float]:
    stored: dict[UUID, bytes] = {}
    snapshots: list[bytes] = []
    decided: list[Event[Fact]] = []
    whole = _seconds(lambda: _fold(causes, stored, snapshots, decided))
    states = [load(snapshot) for snapshot in snapshots]
    micro = 1e6 / len(causes)
    return {
        "facts": len(causes),
        "decisions": len(decided),
        "us_a_fact": whole * micro,
        "of which us_load": _seconds(lambda: [load(one) for one in snapshots]) * micro,
        "of which us_dump": _seconds(lambda: [dump(one) for one in states]) * micro,
        "besides us_encode": _seconds(lambda: [encode(one) for one in decided]) * micro,
        "facts_a_second": len(causes) / whole,
        "largest_state_bytes": max(map(len, snapshots)),
    }


def _fold(
    causes: tuple[Event[Fact], ...],
    stored: dict[UUID, bytes],
    snapshots: list[bytes],
    decided: list[Event[Fact]],
) -> None:
    partition = Partition()
    for cause in causes:
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


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began
