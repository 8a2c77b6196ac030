"""The smallest fold: it counts a lead's ticks, and tells every count."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from psycopg import AsyncConnection

from schemas.codec import encode
from schemas.envelope import follow_up
from schemas.events.fact import LeadFact
from schemas.topics import FOR_EVER, Topic
from services.runtime.fold.fold import Arrival, Outcome, Publication, Refusal
from tests.integration.delivery.states import States


class Ticked(LeadFact):
    """Something to count. A negative weight cannot be right."""

    type: ClassVar[str] = "ticked"
    weight: int = 1
    note: str = ""


class Counted(LeadFact):
    """How much a lead has ticked so far."""

    type: ClassVar[str] = "counted"
    total: int


def topic(name: str, message: type[LeadFact], partitions: int, *, ours: bool = True) -> Topic:
    """A topic of that name, to be made by the test."""
    return Topic(
        name, "lead_id", FOR_EVER, "a test", "a test", "ticks", (message,), ours, partitions
    )


class Counting:
    """Counts by lead. The same ticks in the same order give the same counts and the same ids."""

    def __init__(self, schema: str, topic: Topic, output: Topic) -> None:
        self.topic, self.output = topic, output
        self._source = f"/touchline/{schema}"
        self._states = States(schema, "tally")

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Count the batch."""
        leads = {arrival.event.data.lead_id: arrival.partition for arrival in arrivals}
        stored = await self._states.load(conn, leads)
        totals = {lead: int(state) for lead, state in stored.items()}
        good = [arrival for arrival in arrivals if arrival.event.data.weight >= 0]
        publications = [self._count(totals, arrival) for arrival in good]
        states = {lead: b"%d" % total for lead, total in totals.items()}
        await self._states.save(conn, leads, states)
        refusals = [_refusal(a) for a in arrivals if a.event.data.weight < 0]
        return Outcome(publications, refusals)

    def _count(self, totals: dict[UUID, int], arrival: Arrival) -> Publication:
        tick: Ticked = arrival.event.data
        total = totals[tick.lead_id] = totals.get(tick.lead_id, 0) + tick.weight
        fact = Counted(
            lead_id=tick.lead_id,
            occurred_at=tick.occurred_at,
            recorded_at=tick.recorded_at,
            total=total,
        )
        counted = follow_up(arrival.event.envelope, self._source, fact, 0)
        return Publication(arrival.partition, encode(counted))


def _refusal(arrival: Arrival) -> Refusal:
    return Refusal(arrival, "negative", "weight: must not be negative")
