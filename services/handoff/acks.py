"""The CRM's answers, read back into facts: the first one to a handoff counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncConnection

from schemas.codec import encode
from schemas.crm import HandoffAnswered
from schemas.envelope import Envelope, Event, child, derived_id
from schemas.events.lead import HandoffAccepted, HandoffRejected
from schemas.topics import LEAD_EVENTS, SQL_ACK, Topic
from services.handoff import handoffs
from services.handoff.handoffs import Asked
from services.handoff.ledger import SOURCE
from services.runtime.fold.fold import Arrival, Outcome, Refusal
from services.runtime.outbox.outbox import Outbox, Row
from services.runtime.process.metrics import HANDOFFS


@dataclass(frozen=True, slots=True)
class Acks:
    """Makes one fact of each handoff's first answer; later ones change nothing."""

    outbox: Outbox
    topic: Topic = SQL_ACK
    output: None = None

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Writes the answers into the ledger, and their facts into the outbox."""
        asked = await handoffs.lock(conn, [one.event.data.handoff_id for one in arrivals])
        first: dict[UUID, Event[HandoffAnswered]] = {}
        for one in arrivals:
            handoff = asked.get(one.event.data.handoff_id)
            if handoff is not None and handoff.state == "published":
                first.setdefault(handoff.handoff_id, one.event)
        await handoffs.answer(conn, [event.data for event in first.values()])
        rows = [_row(event, asked[handoff_id]) for handoff_id, event in first.items()]
        await self.outbox.append(conn, rows)
        for event in first.values():
            HANDOFFS.labels(handoffs.reached(event.data)).inc()
        return Outcome(
            refusals=[_unknown(one) for one in arrivals if one.event.data.handoff_id not in asked]
        )


def _row(answer: Event[HandoffAnswered], handoff: Asked) -> Row:
    """Accepted or rejected, it is one fact with one id: a handoff is answered once."""
    id_ = derived_id("handoff-answered", str(handoff.handoff_id))
    trace = child(handoff.traceparent, id_)
    envelope = Envelope(id_, SOURCE, cause=answer.envelope.id, traceparent=trace)
    return Row(LEAD_EVENTS, encode(Event(envelope, fact(answer.data, handoff))))


def fact(answer: HandoffAnswered, handoff: Asked) -> HandoffAccepted | HandoffRejected:
    """What the lead's log learns of the answer."""
    if answer.status == "rejected":
        assert answer.reason_code is not None  # noqa: S101 - HandoffAnswered sees to it
        return HandoffRejected(
            lead_id=handoff.lead_id,
            occurred_at=answer.at,
            recorded_at=handoff.asked_at,
            handoff_id=handoff.handoff_id,
            crm=answer.crm,
            reason_code=answer.reason_code,
        )
    return HandoffAccepted(
        lead_id=handoff.lead_id,
        occurred_at=answer.at,
        recorded_at=handoff.asked_at,
        handoff_id=handoff.handoff_id,
        crm=answer.crm,
        crm_record_id=answer.crm_record_id,
    )


def _unknown(arrival: Arrival) -> Refusal:
    return Refusal(arrival, "unknown-handoff", "handoff_id: no handoff has this id")
