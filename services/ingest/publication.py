"""Publishing the playbook: into every partition of the log, in one transaction, once."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from engagement.playbook import Playbook
from schemas.codec import encode
from schemas.envelope import Envelope, Event, child, derived_id
from schemas.events.playbook import PlaybookPublished
from schemas.topics import LEAD_EVENTS
from services.ingest.inbox import NAME, SOURCE
from services.runtime.outbox import Outbox, Row

LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Publication:
    """A playbook in force: the `number`-th to come into force. Not `fresh`: it already was."""

    number: int
    digest: str
    fresh: bool


class Publications:
    """The playbooks that came into force. No lead may come in before the first."""

    def __init__(self, pool: AsyncConnectionPool, outbox: Outbox) -> None:
        self._pool = pool
        self._outbox = outbox
        self._any = False

    async def any(self) -> bool:
        """Whether a playbook is in force; what is published is never taken back."""
        if not self._any:
            async with self._pool.connection() as conn:
                self._any = await _latest(conn) is not None
        return self._any

    async def unknown(self, digests: Collection[str]) -> set[str]:
        """Those of these digests that no playbook which came into force has."""
        async with self._pool.connection() as conn:
            cursor = await conn.execute(
                "select digest from ingest.playbooks where digest = any(%s)", (list(digests),)
            )
            return {*digests} - {digest for (digest,) in await cursor.fetchall()}

    async def within(self, seconds: float) -> bool:
        """Whether a playbook is in force, or comes into force in so many seconds."""
        for _ in range(int(seconds / LOOK_SECONDS)):
            if await self.any():
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return await self.any()

    async def publish(
        self, playbook: Playbook, recorded_at: datetime, traceparent: str | None
    ) -> Publication:
        """Bring `playbook` into force, unless it is; committed when this returns."""
        async with self._pool.connection() as conn:
            await conn.execute("lock table ingest.playbooks in share row exclusive mode")
            number, digest = await _latest(conn) or (0, "")
            if digest == playbook.digest:
                return Publication(number, digest, fresh=False)
            publication = Publication(number + 1, playbook.digest, fresh=True)
            await conn.execute(
                "insert into ingest.playbooks (number, digest, recorded_at) values (%s, %s, %s)",
                (publication.number, publication.digest, recorded_at),
            )
            await self._outbox.append(conn, _rows(publication, playbook, recorded_at, traceparent))
        self._any = True
        return publication


async def _latest(conn: AsyncConnection) -> tuple[int, str] | None:
    cursor = await conn.execute(
        "select number, digest from ingest.playbooks order by number desc limit 1"
    )
    row = await cursor.fetchone()
    return (row[0], row[1]) if row is not None else None


def _rows(
    publication: Publication, playbook: Playbook, recorded_at: datetime, traceparent: str | None
) -> list[Row]:
    fact = PlaybookPublished(
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        playbook=playbook.name,
        digest=playbook.digest,
        content=playbook.content,
    )
    rows = []
    for partition in range(LEAD_EVENTS.partitions):
        id_ = derived_id(NAME, "playbook", str(publication.number), str(partition))
        envelope = Envelope(id_, SOURCE, traceparent=child(traceparent, id_))
        rows.append(Row(LEAD_EVENTS, encode(Event(envelope, fact)), partition))
    return rows
