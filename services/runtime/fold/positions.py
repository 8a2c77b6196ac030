"""The position row: how far a partition is, who wrote it last, and what it decided last.

PostgreSQL, not the consumer group, holds the truth about progress.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier


@dataclass(frozen=True, slots=True)
class Position:
    """One partition's row, locked; `now` is the database's time of the transaction.

    `pending` is empty if it is the reader's own: it published that, or would not be here.
    `recent` is what the fuse looks back on.
    """

    topic: str
    partition: int
    next_offset: int
    writers: Mapping[str, int]
    next_sequence: int
    pending: bytes
    recent: bytes
    written_by: UUID | None
    now: datetime


class Positions:
    """The positions of one topic in one service's schema."""

    def __init__(self, schema: str, topic: str) -> None:
        self._topic = topic
        self._insert, self._lock, self._save, self._load = (
            SQL(text).format(Identifier(schema)).as_bytes()
            for text in (
                "insert into {}.position (topic, partition) select %s, unnest(%b::int[])"
                " on conflict do nothing",
                "select topic, partition, next_offset, writers::text, next_sequence,"
                " case when written_by is distinct from %s then pending else '' end,"
                " recent, written_by, now() from {}.position where topic = %s"
                " and partition = any(%b::int[]) order by partition for update",
                "update {}.position as at set next_offset = new.next_offset,"
                " writers = new.writers::jsonb, next_sequence = new.next_sequence,"
                " pending = new.pending, recent = new.recent, written_by = new.written_by"
                " from unnest(%b::int[], %b::int8[], %b::text[], %b::int8[], %b::bytea[],"
                " %b::bytea[], %b::uuid[]) as new (partition, next_offset, writers,"
                " next_sequence, pending, recent, written_by)"
                " where at.topic = %s and at.partition = new.partition",
                "select partition, next_offset, pending, recent from {}.position"
                " where topic = %s and partition = any(%b::int[])",
            )
        )

    async def lock(
        self, conn: AsyncConnection, partitions: Collection[int], writer: UUID
    ) -> dict[int, Position]:
        """The rows, locked until the transaction ends; made where there are none yet.

        All workers lock in one order, so that none waits for one that waits for it. What is
        pending is read if another than `writer` wrote it: it is as large as a batch.
        """
        wanted = (self._topic, sorted(partitions))
        rows = await (await conn.execute(self._lock, (writer, *wanted), binary=True)).fetchall()
        if len(rows) < len(partitions):
            await conn.execute(self._insert, wanted)
            return await self.lock(conn, partitions, writer)
        return {
            partition: Position(topic, partition, offset, orjson.loads(writers), *rest)
            for topic, partition, offset, writers, *rest in rows
        }

    async def save(self, conn: AsyncConnection, positions: Sequence[Position]) -> None:
        """Write the rows, which are locked."""
        columns = zip(*map(_columns, positions), strict=True)
        if positions:
            await conn.execute(self._save, (*map(list, columns), self._topic))

    async def load(
        self, conn: AsyncConnection, partitions: Iterable[int]
    ) -> dict[int, tuple[int, bytes, bytes]]:
        """Next offset, pending publications and what the fuse knows, by partition; unlocked."""
        cursor = await conn.execute(self._load, (self._topic, list(partitions)), binary=True)
        return {partition: tuple(kept) for partition, *kept in await cursor.fetchall()}


def _columns(position: Position) -> tuple[int, int, str, int, bytes, bytes, UUID | None]:
    return (
        position.partition,
        position.next_offset,
        orjson.dumps(position.writers).decode(),
        position.next_sequence,
        position.pending,
        position.recent,
        position.written_by,
    )
