"""Facts born outside Kafka: committed with their cause, published by the relay."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from schemas.codec import Message
from schemas.topics import Topic
from services.runtime.outbox.frames import pack_headers

LARGEST = 1_000_000
"""In bytes: what a broker takes, less the frame around it."""


class RowRefused(ValueError):
    """No broker could ever take the row: it would keep all that come after it waiting."""


@dataclass(frozen=True, slots=True)
class Row:
    """A message to be published. No partition: the one that Kafka clients give to its key.

    The relay sets `ce_source` to the outbox's own name and adds `ce_sequence`.
    """

    topic: Topic
    message: Message
    partition: int | None = None


class Outbox:
    """The outbox in one service's schema."""

    def __init__(self, schema: str) -> None:
        self._insert = (
            SQL(
                "with added as (insert into {0}.outbox (topic, partition, key, value, headers)"
                " select * from unnest(%b::text[], %b::int[], %b::bytea[], %b::bytea[],"
                " %b::bytea[])) select pg_notify(%s, '')"
                " where not exists (select from {0}.awake where now() < until)"
            )
            .format(Identifier(schema))
            .as_bytes()
        )
        self.channel = f"{schema}_outbox"
        """Where a commit that added rows is announced, unless the relay is awake."""

    async def append(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        """Add rows in the caller's transaction: its commit is their promise to be published.

        Rows of one transaction keep their order on a partition; so do rows of transactions that
        followed each other. Raises RowRefused for a row that no broker could take.
        """
        columns = zip(*map(_columns, rows), strict=True)
        if rows:
            await conn.execute(self._insert, (*map(list, columns), self.channel))


def _columns(row: Row) -> tuple[str, int, bytes | None, bytes | None, bytes]:
    message, headers = row.message, pack_headers(row.message.headers)
    if sum(map(len, (message.key or b"", message.value or b"", headers))) > LARGEST:
        raise RowRefused(f"a message for {row.topic.name} is larger than {LARGEST} bytes")
    return row.topic.name, partition_of(row), message.key, message.value, headers


def partition_of(row: Row) -> int:
    """The partition that it names, else the one where Kafka clients send its key."""
    if row.partition is not None:
        return row.partition
    if row.message.key is None:
        raise RowRefused(f"a message for {row.topic.name} has neither key nor partition")
    return int((murmur2(row.message.key) & 0x7FFFFFFF) % row.topic.partitions)
