"""By what leads can be reached, told apart and never read: HMACs of numbers and mail domains."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor

from schemas.codec import encode
from schemas.envelope import Envelope, Event, child, derived_id
from schemas.events.lead import OptedOut
from schemas.received.message import ListedChannel
from schemas.topics import LEAD_EVENTS
from services.ingest.reach import Reach
from services.runtime.outbox.outbox import Row

_KNOW = """
with fresh as (
    insert into ingest.contacts (hash, lead_id, domain)
    select * from unnest(%b::bytea[], %b::uuid[], %b::bool[])
    on conflict do nothing returning hash, lead_id
)
select hash, channel, number, lead_id from fresh join ingest.do_not_contact using (hash)
where listed order by hash, channel, lead_id"""


@dataclass(frozen=True, slots=True)
class Listing:
    """A number or domain, by its hash, on the list for the `number`-th time."""

    hash: bytes
    channel: ListedChannel
    number: int


@dataclass(frozen=True, slots=True)
class Reached:
    """A lead that came in, and by what it can be reached."""

    lead_id: UUID
    by: Reach
    recorded_at: datetime
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """Leads of whom it was asked whether they are on the list."""

    answer: AsyncCursor[tuple[Any, ...]]
    by: Mapping[tuple[bytes, UUID], Reached]

    async def opt_outs(self) -> list[Row]:
        """Those of the leads that are on it, and were not known by this number or domain."""
        found = [
            (Listing(*listing), lead_id) for *listing, lead_id in await self.answer.fetchall()
        ]
        return [_on_arrival(listing, self.by[listing.hash, lead_id]) for listing, lead_id in found]


async def know(conn: AsyncConnection, reached: Iterable[Reached]) -> Known | None:
    """Remember by what these leads can be reached; the answer tells who of them is on the list.

    Whoever lists something meanwhile waits for their rows, or they wait for the list: PostgreSQL
    takes a statement's snapshot once it has the statement's locks. Rows are taken in one order,
    so concurrent callers never deadlock. In pipeline mode it returns before the answer is there.
    """
    by = {(hash_, one.lead_id): one for one in reached for hash_ in one.by if hash_}
    if not by:
        return None
    rows = [(*key, key[0] == by[key].by.domain) for key in sorted(by)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return Known(await conn.execute(_KNOW, columns, binary=True), by)


def _on_arrival(listing: Listing, one: Reached) -> Row:
    return opt_out(listing, one.lead_id, one.recorded_at, one.traceparent)


def opt_out(
    listing: Listing, lead_id: UUID, recorded_at: datetime, traceparent: str | None = None
) -> Row:
    """The fact that the lead must not be contacted; its id follows from the listing."""
    number = str(listing.number)
    id_ = derived_id("do-not-contact", listing.hash.hex(), listing.channel, number, str(lead_id))
    fact = OptedOut(
        lead_id=lead_id,
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        channel=listing.channel,
        reason="do-not-contact",
    )
    envelope = Envelope(id_, "/touchline/ingest", traceparent=child(traceparent, id_))
    return Row(LEAD_EVENTS, encode(Event(envelope, fact)))
