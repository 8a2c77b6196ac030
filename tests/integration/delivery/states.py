"""A fold's states: a row a subject, as bytes, each carrying its partition."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier


class States:
    """The table `<schema>.<name>` (key uuid primary key, partition integer, state bytea)."""

    def __init__(self, schema: str, name: str) -> None:
        self._load, self._save = (
            SQL(text).format(Identifier(schema), Identifier(name)).as_bytes()
            for text in (
                "select key, state from {}.{} where key = any(%b::uuid[])",
                "insert into {}.{} (key, partition, state)"
                " select * from unnest(%b::uuid[], %b::int[], %b::bytea[])"
                " on conflict (key) do update set state = excluded.state",
            )
        )

    async def load(self, conn: AsyncConnection, keys: Iterable[UUID]) -> dict[UUID, bytes]:
        """The states of these subjects; those without one are left out."""
        cursor = await conn.execute(self._load, (list(keys),), binary=True)
        return dict(await cursor.fetchall())

    async def save(
        self, conn: AsyncConnection, partitions: Mapping[UUID, int], states: Mapping[UUID, bytes]
    ) -> None:
        """Write the states of subjects, new ones and changed ones."""
        where = [partitions[key] for key in states]
        if states:
            await conn.execute(self._save, (list(states), where, list(states.values())))
