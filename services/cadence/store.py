"""The cadence's tables. Arrays travel in binary: as text they would cost more than the rules."""

from collections.abc import Collection, Mapping
from uuid import UUID

from psycopg import AsyncConnection

from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import State, dump, load
from engagement.playbook import Playbook

_LOAD = "select lead_id, state from cadence.leads where lead_id = any(%b::uuid[])"

_SAVE = """
insert into cadence.leads (lead_id, partition, state)
select lead_id, %b, state from unnest(%b::uuid[], %b::bytea[]) as new (lead_id, state)
on conflict (lead_id) do update set state = excluded.state"""

_DIGESTS = "select digest, in_force from cadence.playbooks where partition = %b"

_CONTENT = "select content from cadence.playbooks where partition = %b and digest = %b"

_OUT_OF_FORCE = "update cadence.playbooks set in_force = false where partition = %b and in_force"

_KEEP = """
insert into cadence.playbooks (partition, digest, content, in_force) values (%b, %b, %b, false)
on conflict do nothing"""

_IN_FORCE = """
update cadence.playbooks set in_force = true where partition = %b and digest = %b"""


async def load_partition(
    conn: AsyncConnection, partition: int, leads: Collection[UUID], store: "PlaybookStore"
) -> tuple[dict[UUID, State], Playbooks]:
    """The states of those leads that have one, and the partition's playbooks.

    Both are asked for before either answer is awaited: in pipeline mode, one round trip.
    """
    states = await conn.execute(_LOAD, (list(leads),), binary=True)
    digests = await conn.execute(_DIGESTS, (partition,))
    loaded = {lead: load(state) for lead, state in await states.fetchall()}
    return loaded, await store.named(conn, partition, await digests.fetchall())


async def save_states(conn: AsyncConnection, partition: int, states: Mapping[UUID, State]) -> None:
    """Write the states of these leads, whether they had one or not."""
    if states:
        values = (partition, list(states), list(map(dump, states.values())))
        await conn.execute(_SAVE, values)


class PlaybookStore:
    """The playbooks of partitions. Parsed ones are kept: what a digest names never changes."""

    def __init__(self) -> None:
        self._parsed: dict[str, Playbook] = {}

    async def named(
        self, conn: AsyncConnection, partition: int, rows: Collection[tuple[str, bool]]
    ) -> Playbooks:
        """What this partition has seen, by its rows of digest and whether it is in force."""
        parsed = {digest: await self._playbook(conn, partition, digest) for digest, _ in rows}
        in_force = next((parsed[digest] for digest, in_force in rows if in_force), None)
        return Playbooks(in_force, parsed)

    async def save(
        self, conn: AsyncConnection, partition: int, playbooks: Playbooks, current: Playbook
    ) -> None:
        """Keep every playbook, and let `current` take the place of the one in force."""
        await conn.execute(_OUT_OF_FORCE, (partition,))
        for digest, playbook in playbooks.by_digest.items():
            await conn.execute(_KEEP, (partition, digest, playbook.content))
        await conn.execute(_IN_FORCE, (partition, current.digest))

    async def _playbook(self, conn: AsyncConnection, partition: int, digest: str) -> Playbook:
        if digest not in self._parsed:
            cursor = await conn.execute(_CONTENT, (partition, digest))
            for (content,) in await cursor.fetchall():
                self._parsed[digest] = Playbook.from_content(content)
        return self._parsed[digest]
