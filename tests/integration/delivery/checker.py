"""Whether a log says what it must, to a reader that keeps the sequence rule."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from schemas.codec import Message, decode, origin
from schemas.envelope import Event, follow_up
from tests.integration.delivery.toy import Counted, Ticked

Told = tuple[UUID, UUID, int]
"""A count's id, its lead, and how much it is."""


@dataclass(slots=True)
class Verdict:
    """What a reader would take, by partition, and what it would have to call a loss."""

    taken: dict[int, list[Told]] = field(default_factory=lambda: defaultdict(list))
    gaps: list[str] = field(default_factory=list)
    repeats: int = 0

    def wrong(self, expected: dict[int, list[Told]]) -> list[str]:
        """Every way in which the log is not as expected; none is the good verdict."""
        partitions = expected.keys() | self.taken.keys()
        differ = [p for p in partitions if self.taken.get(p, []) != expected.get(p, [])]
        return self.gaps + [f"partition {partition} says something else" for partition in differ]


def judge(records: Iterable[Any]) -> Verdict:
    """Read a log of counts by the sequence rule."""
    verdict, last = Verdict(), dict[tuple[int, str], int]()
    for record in records:
        message = Message(record.key, record.value, record.headers)
        source, sequence = origin(message) or ("nobody", 0)
        writer = (record.partition, source)
        if sequence <= last.get(writer, 0):
            verdict.repeats += 1
            continue
        if sequence != last.get(writer, 0) + 1:
            verdict.gaps.append(f"{writer}: {sequence} after {last.get(writer, 0)}")
        last[writer] = sequence
        event = decode(message, (Counted,))
        told = (event.envelope.id, event.data.lead_id, event.data.total)
        verdict.taken[record.partition].append(told)
    return verdict


def counts(schema: str, ticks: Mapping[int, Sequence[Event[Ticked]]]) -> dict[int, list[Told]]:
    """What the fold must say of these ticks, by partition."""
    return {partition: _count(schema, events) for partition, events in ticks.items()}


def _count(schema: str, events: Sequence[Event[Ticked]]) -> list[Told]:
    totals: dict[UUID, int] = defaultdict(int)
    told = []
    for event in events:
        tick = event.data
        totals[tick.lead_id] += tick.weight
        fact = Counted(total=totals[tick.lead_id], **tick.model_dump(exclude={"weight", "note"}))
        said = follow_up(event.envelope, f"/touchline/{schema}", fact, 0)
        told.append((said.envelope.id, tick.lead_id, fact.total))
    return told
