"""The relay's side of the outbox: which rows are next, and under which number."""

from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from schemas.codec import SEQUENCE, Message, sequence_header
from schemas.topics import QUARANTINE
from services.runtime.outbox.frames import Outgoing, unpack_headers

ROWS = 1_000
"""The most rows of one turn."""

LOCK = "select pg_try_advisory_lock(hashtextextended(%s, 0))"
NUMBERED = (
    "select id, topic, partition, key, value, headers, sequence from {0}.outbox"
    " where sequence is not null order by topic, partition, sequence"
)
NEXT = """
with gone as (
    delete from {0}.outbox where id = any(%b::bigint[])
), next as (
    select id, topic, partition,
        row_number() over (partition by topic, partition order by id) as nth
    from (select id, topic, partition from {0}.outbox where sequence is null
          order by id limit %s) as oldest
), counted as (
    insert into {0}.outbox_sequence as s (topic, partition, last)
    select topic, partition, count(*) from next group by topic, partition
    on conflict (topic, partition) do update set last = s.last + excluded.last
    returning topic, partition, last
), total as (
    select topic, partition, count(*) as rows from next group by topic, partition
), numbered as (
    update {0}.outbox o set sequence = counted.last - total.rows + next.nth
    from next join counted using (topic, partition) join total using (topic, partition)
    where o.id = next.id
    returning o.id, o.topic, o.partition, o.key, o.value, o.headers, o.sequence
)
select * from numbered order by topic, partition, sequence
"""


AWAKE = """
insert into {0}.awake as known (until) values (now() + make_interval(secs => %b))
on conflict (only_one) do update set until = excluded.until
"""
SIZE = """
select (select count(*) from {0}.outbox), coalesce((
    select extract(epoch from added_at)::float8 from {0}.outbox order by id limit 1), 0)
"""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row that has its place in its writer's sequence."""

    id: int
    outgoing: Outgoing


class Backlog:
    """The outbox in one service's schema, on one connection that is in autocommit.

    Numbers are given on the connection that holds the lock: a relay that slept until the server
    closed its session cannot give any.
    """

    def __init__(self, schema: str, conn: AsyncConnection) -> None:
        self._schema, self._conn = schema, conn
        self._source = b""

    async def try_lock(self) -> bool:
        """Whether this session is now the service's relay; it stays so until it ends."""
        cursor = await self._conn.execute(LOCK, (f"touchline relay {self._schema}",))
        [(locked,)] = await cursor.fetchall()
        return bool(locked)

    async def numbered(self) -> list[Numbered]:
        """What has a number already: a relay before this one may not have published it."""
        [(incarnation,)] = await self._rows("select id from {0}.incarnation")
        self._source = f"/touchline/{self._schema}/{incarnation}".encode()
        return [self._read(row) for row in await self._rows(NUMBERED)]

    async def next_after(self, acknowledged: list[Numbered]) -> list[Numbered]:
        """Give the oldest rows their numbers, and return them in publishing order.

        In the same commit, forget those that the broker has acknowledged.
        """
        gone = [row.id for row in acknowledged]
        return [self._read(row) for row in await self._rows(NEXT, gone, ROWS)]

    async def stay_awake(self, seconds: float) -> None:
        """Tell whoever adds rows that they are looked for, for so long."""
        await self._rows(AWAKE, seconds)

    async def size(self) -> tuple[int, float]:
        """How many rows wait, and when the oldest came, in seconds since 1970; 0 for none."""
        [(rows, oldest)] = await self._rows(SIZE)
        return rows, oldest

    async def _rows(self, text: LiteralString, *parameters: Any) -> list[Any]:
        query = SQL(text).format(Identifier(self._schema))
        cursor = await self._conn.execute(query, parameters, binary=True)
        return await cursor.fetchall() if cursor.description else []

    def _read(self, row: tuple[Any, ...]) -> Numbered:
        id_, topic, partition, key, value, headers, sequence = row
        message = Message(key, value, unpack_headers(headers))
        if topic != QUARANTINE.name:
            message = self._as_written(message, sequence)
        return Numbered(id_, Outgoing(topic, partition, message))

    def _as_written(self, message: Message, sequence: int) -> Message:
        """With this outbox as the writer, so that a database made anew is another writer."""
        kept = [header for header in message.headers if header[0] not in ("ce_source", SEQUENCE)]
        written = (("ce_source", self._source), (SEQUENCE, sequence_header(sequence)))
        return Message(message.key, message.value, (*kept, *written))
