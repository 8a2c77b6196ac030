"""Leads of the same company: when one of them answers, the cadences of the others are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncConnection

from schemas.codec import encode
from schemas.envelope import Envelope, Event, child, derived_id
from schemas.events.lead import ColleagueReplied, ReplyReceived
from schemas.topics import LEAD_EVENTS
from services.runtime.outbox.outbox import Row

MOST = 100
"""Colleagues that hear of one answer: those who came in last. Of a larger company, whoever came
in before them is unlikely to be in a cadence still, and hears nothing."""

_COLLEAGUES = """
select mine.lead_id, colleague.lead_id from ingest.contacts as mine
cross join lateral (
    select lead_id from ingest.contacts
    where domain and hash = mine.hash and lead_id <> mine.lead_id
    order by id desc limit %b
) as colleague
where mine.domain and mine.lead_id = any(%b::uuid[])
order by mine.lead_id, colleague.lead_id"""


@dataclass(frozen=True, slots=True)
class Reply:
    """A lead's answer, under the id that it has in the log."""

    id: UUID
    fact: ReplyReceived
    traceparent: str | None


async def heard(conn: AsyncConnection, replies: Sequence[Reply]) -> list[Row]:
    """A fact for each colleague of those who answered. A machine's answer says nothing of them."""
    by_people = [reply for reply in replies if not reply.fact.auto_reply]
    if not by_people:
        return []
    leads = list({reply.fact.lead_id for reply in by_people})
    found = await (await conn.execute(_COLLEAGUES, (MOST, leads), binary=True)).fetchall()
    return [
        _row(reply, colleague)
        for reply in by_people
        for lead_id, colleague in found
        if lead_id == reply.fact.lead_id
    ]


def _row(reply: Reply, lead_id: UUID) -> Row:
    id_ = derived_id("colleague-replied", str(reply.id), str(lead_id))
    fact = ColleagueReplied(
        lead_id=lead_id,
        occurred_at=reply.fact.occurred_at,
        recorded_at=reply.fact.recorded_at,
        channel=reply.fact.channel,
        colleague_id=reply.fact.lead_id,
    )
    traceparent = child(reply.traceparent, id_)
    envelope = Envelope(id_, "/touchline/ingest", cause=reply.id, traceparent=traceparent)
    return Row(LEAD_EVENTS, encode(Event(envelope, fact)))
