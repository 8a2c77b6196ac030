"""The ledger of handoffs, folded from the cadence's decisions: each qualification, once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from psycopg import AsyncConnection

from schemas.codec import encode
from schemas.crm import SalesQualifiedLead
from schemas.envelope import Event, follow_up
from schemas.events.decision import CadenceEnded, CadenceEntered, EnrolmentUpdated, LeadQualified
from schemas.topics import CADENCE_DECISIONS, SQL_HANDOFF, Topic
from services.handoff import enrolments, handoffs
from services.handoff.enrolments import Enrolment
from services.runtime.fold.fold import Arrival, Outcome, Publication, Refusal
from services.runtime.process.metrics import HANDOFFS

SOURCE = "/touchline/handoff"

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Ledger:
    """Publishes a sales-qualified lead when its row is new, and never again."""

    topic: Topic = CADENCE_DECISIONS
    output: Topic = SQL_HANDOFF

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Remembers who entered and what was told since, hands off who qualified, and forgets
        whose enrolment ended."""
        await enrolments.remember(conn, list(_facts(arrivals, CadenceEntered)))
        updated = [one for _, one in _facts(arrivals, EnrolmentUpdated)]
        await enrolments.update(conn, updated)
        qualified = _qualified(arrivals)
        known = await enrolments.load(conn, [one.event.data.enrolment_id for one in qualified])
        handed_off = [
            (one.partition, sales_qualified(one.event, known[one.event.data.enrolment_id]))
            for one in qualified
            if one.event.data.enrolment_id in known
        ]
        fresh = await handoffs.record(conn, handed_off)
        ended = [one for _, one in _facts(arrivals, CadenceEnded) if one.reason != "qualified"]
        await enrolments.forget(conn, [one.enrolment_id for one in ended])
        HANDOFFS.labels("published").inc(len(fresh))
        return Outcome(
            [
                Publication(partition, encode(event))
                for partition, event in handed_off
                if event.data.handoff_id in fresh
            ],
            [_unknown(one) for one in qualified if one.event.data.enrolment_id not in known],
        )


def sales_qualified(
    decision: Event[LeadQualified], enrolment: Enrolment
) -> Event[SalesQualifiedLead]:
    """The promise to the CRM that follows from the cadence's decision."""
    fact = decision.data
    lead = SalesQualifiedLead(
        lead_id=fact.lead_id,
        occurred_at=fact.occurred_at,
        recorded_at=fact.recorded_at,
        handoff_id=fact.handoff_id,
        enrolment_id=fact.enrolment_id,
        result_code=fact.result_code,
        rep_id=fact.rep_id,
        attempts=fact.attempts,
        features=enrolment.features,
        sealed=enrolment.sealed,
    )
    return Event(follow_up(decision.envelope, SOURCE, lead, 0).envelope, lead)


def _qualified(arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """Each handoff once, the first time that it comes in the batch."""
    first: dict[UUID, Arrival] = {}
    for one in arrivals:
        if isinstance(one.event.data, LeadQualified):
            first.setdefault(one.event.data.handoff_id, one)
    return list(first.values())


def _facts(arrivals: Sequence[Arrival], kind: type[D]) -> Iterator[tuple[int, D]]:
    for one in arrivals:
        if isinstance(one.event.data, kind):
            yield one.partition, one.event.data


def _unknown(arrival: Arrival) -> Refusal:
    reason = "enrolment_id: no cadence-entered came before, or the enrolment has ended"
    return Refusal(arrival, "unknown-enrolment", reason)
