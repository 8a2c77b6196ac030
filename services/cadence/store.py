"""The cadence's tables. Arrays travel in binary: as text they would cost more than the rules."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from psycopg import AsyncConnection

from engagement.cadence import stored as states
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import State
from engagement.playbook import Playbook

_LOAD = b"select lead_id, state from cadence.leads where lead_id = any(%b::uuid[])"

_SAVE = b"""
insert into cadence.leads (lead_id, partition, state)
select lead_id, partition, state
from unnest(%b::uuid[], %b::int[], %b::bytea[]) as new (lead_id, partition, state)
on conflict (lead_id) do update set state = excluded.state"""

_DIGESTS = b"""
select partition, digest, in_force from cadence.playbooks where partition = any(%b::int[])"""

_CONTENT = "select content from cadence.playbooks where partition = %b and digest = %b"

_OUT_OF_FORCE = "update cadence.playbooks set in_force = false where partition = %b and in_force"

_KEEP = """
insert into cadence.playbooks (partition, digest, content, in_force) values (%b, %b, %b, false)
on conflict do nothing"""

_IN_FORCE = """
update cadence.playbooks set in_force = true where partition = %b and digest = %b"""


async def load(
    conn: AsyncConnection,
    partitions: Collection[int],
    leads: Collection[UUID],
    store: "PlaybookStore",
) -> tuple[dict[UUID, State], dict[int, Playbooks]]:
    """The states of those leads that have one, and the playbooks of each partition.

    Both are asked for before either answer is awaited: in pipeline mode, one round trip.
    """
    stored = await conn.execute(_LOAD, (list(leads),), binary=True)
    digests = await conn.execute(_DIGESTS, (list(partitions),))
    loaded = {lead: states.load(state) for lead, state in await stored.fetchall()}
    rows = await digests.fetchall()
    return loaded, {
        number: await store.named(conn, number, [row[1:] for row in rows if row[0] == number])
        for number in partitions
    }


async def save_states(
    conn: AsyncConnection, partitions: Mapping[UUID, int], changed: Mapping[UUID, State]
) -> None:
    """Write the states of these leads, whether they had one or not."""
    if changed:
        where = [partitions[lead] for lead in changed]
        values = (list(changed), where, list(map(states.dump, changed.values())))
        await conn.execute(_SAVE, values)


class PlaybookStore:
    """The playbooks of partitions. Parsed ones are kept: what a digest names never changes."""

    def __init__(self) -> None:
        self._parsed: dict[str, Playbook] = {}

    async def named(
        self, conn: AsyncConnection, partition: int, rows: Iterable[tuple[str, bool]]
    ) -> Playbooks:
        """What this partition has seen, by its rows of digest and whether it is in force."""
        parsed: dict[str, Playbook] = {}
        current: Playbook | None = None
        for digest, in_force in rows:
            parsed[digest] = await self._playbook(conn, partition, digest)
            current = parsed[digest] if in_force else current
        return Playbooks(current, parsed)

    async def save(self, conn: AsyncConnection, partition: int, playbooks: Playbooks) -> None:
        """Keep every playbook, and let the current one take the place of the one in force."""
        await conn.execute(_OUT_OF_FORCE, (partition,))
        for digest, playbook in playbooks.by_digest.items():
            await conn.execute(_KEEP, (partition, digest, playbook.content))
        if playbooks.current:
            await conn.execute(_IN_FORCE, (partition, playbooks.current.digest))

    async def _playbook(self, conn: AsyncConnection, partition: int, digest: str) -> Playbook:
        if digest not in self._parsed:
            cursor = await conn.execute(_CONTENT, (partition, digest))
            for (content,) in await cursor.fetchall():
                self._parsed[digest] = Playbook.from_content(content)
        return self._parsed[digest]
