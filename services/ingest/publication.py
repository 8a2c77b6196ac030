"""Publishing the playbook: into every partition of the log, in one transaction, once."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool
from pydantic import AwareDatetime, BaseModel

from engagement.playbook import Playbook
from schemas.codec import encode
from schemas.envelope import Envelope, Event, child, derived_id
from schemas.events.playbook import PlaybookPublished
from schemas.topics import LEAD_EVENTS
from services.ingest.inbox import NAME, SOURCE
from services.runtime.doors import conditional
from services.runtime.doors.problem import Problem
from services.runtime.outbox.outbox import Outbox, Row
from services.runtime.postgres.connections import Connections

LOOK_SECONDS = 0.25
_IN_FORCE = """
select number, digest, recorded_at as published_at from ingest.playbooks
order by number desc limit 1
"""


@dataclass(frozen=True, slots=True)
class Publication:
    """A playbook in force: the `number`-th to come into force. Not `fresh`: it already was."""

    number: int
    digest: str
    fresh: bool


class InForce(BaseModel):
    """The playbook in force: the `number`-th to come into force, and when it was published."""

    number: int
    digest: str
    published_at: AwareDatetime


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

    async def in_force(self) -> InForce:
        """The playbook that came into force last. Raises Problem 404 before the first."""
        async with (
            self._pool.connection() as conn,
            conn.cursor(row_factory=class_row(InForce)) as cursor,
        ):
            await cursor.execute(_IN_FORCE)
            found = await cursor.fetchone()
        if found is None:
            raise _none_in_force()
        return found

    async def within(self, seconds: float) -> bool:
        """Whether a playbook is in force, or comes into force in so many seconds."""
        for _ in range(int(seconds / LOOK_SECONDS)):
            if await self.any():
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return await self.any()

    async def publish(
        self,
        connections: Connections,
        playbook: Playbook,
        recorded_at: datetime,
        traceparent: str | None,
        instead_of: str | None = None,
    ) -> Publication:
        """Bring `playbook` into force, unless it is, by the commit of the connection.

        With `instead_of`, an ETag (If-Match), only in place of the one that it names. Raises
        Problem 412 where another is in force.
        """
        async with connections.connection() as conn:
            await conn.execute("lock table ingest.playbooks in share row exclusive mode")
            number, digest = await _latest(conn) or (0, "")
            if instead_of is not None and not conditional.matches(instead_of, digest):
                raise _another_in_force()
            if digest == playbook.digest:
                return Publication(number, digest, fresh=False)
            publication = Publication(number + 1, playbook.digest, fresh=True)
            await conn.execute(
                "insert into ingest.playbooks (number, digest, recorded_at) values (%s, %s, %s)",
                (publication.number, publication.digest, recorded_at),
            )
            await self._outbox.append(conn, _rows(publication, playbook, recorded_at, traceparent))
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


def _none_in_force() -> Problem:
    return Problem(
        404,
        "no-playbook",
        "No playbook is in force",
        "Publish one: `touchline playbook publish`, or PUT /v1/playbook.",
    )


def _another_in_force() -> Problem:
    return Problem(
        412,
        "another-in-force",
        "Another playbook is in force",
        "If-Match: somebody published since. GET /v1/playbook tells what is in force.",
    )
