"""The list of numbers and domains that nobody may contact: kept, and carried out on leads."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from schemas.received.message import ListedChannel
from services.ingest.contacts import Listing, opt_out
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres.connections import Connections

PAGE = 1000
"""Leads opted out in one transaction: it stays far below what the server lets one live."""

_LOCK = "lock table ingest.contacts in share row exclusive mode"

_LIST = """
insert into ingest.do_not_contact as known (hash, channel, up_to, recorded_at)
select %b, %b, case when is_called then last_value else 0 end, %b from ingest.contacts_id_seq
on conflict (hash, channel) do update
set listed = true, number = known.number + 1, recorded_at = excluded.recorded_at,
    up_to = excluded.up_to, swept_to = excluded.swept_to
where not known.listed
returning 1"""

_NEXT = """
with listing as (
    select * from ingest.do_not_contact where hash = %b and channel = %b for update
)
select listing.number, contacts.lead_id from listing join ingest.contacts using (hash)
where listing.listed and contacts.id <= listing.up_to and contacts.lead_id > listing.swept_to
order by contacts.lead_id limit %b"""

_LEFT = """
select count(*) from ingest.do_not_contact as listing join ingest.contacts using (hash)
where hash = %b and channel = %b
  and contacts.id <= listing.up_to and contacts.lead_id > listing.swept_to"""

_SWEPT = "update ingest.do_not_contact set swept_to = %b where hash = %b and channel = %b"

_UNLIST = """
update ingest.do_not_contact set listed = false, recorded_at = %b
where hash = %b and channel = %b and listed returning 1"""

_REACHED = """
select exists (select from ingest.do_not_contact where hash = %b and channel = %b and listed),
    (select count(*) from ingest.contacts where hash = %b)"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A number or a domain, by its hash, and the channel on which it must not be contacted."""

    hash: bytes
    channel: ListedChannel

    @property
    def key(self) -> tuple[bytes, str]:
        """Its key in the table."""
        return self.hash, self.channel


@dataclass(frozen=True, slots=True)
class Listed:
    """Whether the list changed, and how many leads were opted out by it, or would be."""

    changed: bool
    leads: int


class DoNotContact:
    """The list. What it says of leads is committed with it; many of them, a page at a time."""

    def __init__(self, pool: AsyncConnectionPool, outbox: Outbox) -> None:
        self._pool = pool
        self._outbox = outbox

    async def list(self, connections: Connections, entry: Entry, recorded_at: datetime) -> Listed:
        """Put it on the list, and opt out the first leads that it reaches, by one commit.

        From that commit on, leads that come in are opted out with their arrival. What it reached
        beyond the first PAGE is opted out by `finish`.
        """
        async with connections.connection() as conn:
            await conn.execute(_LOCK)
            values = (*entry.key, recorded_at)
            changed = (await conn.execute(_LIST, values, binary=True)).rowcount == 1
            cursor = await conn.execute(_LEFT, entry.key, binary=True)
            [(leads,)] = await cursor.fetchall()
            await self._sweep(conn, entry, recorded_at)
        return Listed(changed, leads)

    async def finish(self, entry: Entry, recorded_at: datetime) -> None:
        """Opt out everybody whom a listing reached, all of them when it returns.

        If it fails, do it again: it goes on where it stood.
        """
        swept = PAGE
        while swept == PAGE:
            async with self._pool.connection() as conn:
                swept = await self._sweep(conn, entry, recorded_at)

    async def unlist(
        self, connections: Connections, entry: Entry, recorded_at: datetime
    ) -> Listed:
        """Take it off the list, for leads yet to come: an opt-out that was told stays one."""
        async with connections.connection() as conn:
            cursor = await conn.execute(_UNLIST, (recorded_at, *entry.key))
            return Listed(cursor.rowcount == 1, 0)

    async def would(self, entry: Entry, *, listed: bool) -> Listed:
        """What listing it would do, or unlisting it; nothing is changed."""
        async with self._pool.connection() as conn:
            cursor = await conn.execute(_REACHED, (*entry.key, entry.hash))
            [(is_listed, leads)] = await cursor.fetchall()
        changed = is_listed != listed
        return Listed(changed, leads if listed and changed else 0)

    async def _sweep(self, conn: AsyncConnection, entry: Entry, recorded_at: datetime) -> int:
        cursor = await conn.execute(_NEXT, (*entry.key, PAGE), binary=True)
        page: list[tuple[int, UUID]] = await cursor.fetchall()
        if page:
            rows = [
                opt_out(Listing(entry.hash, entry.channel, number), lead_id, recorded_at)
                for number, lead_id in page
            ]
            await self._outbox.append(conn, rows)
            await conn.execute(_SWEPT, (page[-1][1], *entry.key))
        return len(page)
