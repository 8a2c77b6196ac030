"""An outbox's rows, and what came of them."""

from typing import Any, LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from schemas.codec import encode, origin
from schemas.envelope import Envelope, Event
from services.runtime.outbox.outbox import Outbox, Row
from tests.integration.delivery import wire
from tests.integration.delivery.toy import Counted
from tests.integration.delivery.world import AT, LEADS, World


def row(world: World, number: int, partition: int | None = None) -> Row:
    """A count as a row; its number is its id and its total."""
    lead = LEADS[number % len(LEADS)]
    fact = Counted(lead_id=lead, occurred_at=AT, recorded_at=AT, total=number)
    return Row(world.output, encode(Event(Envelope(UUID(int=number), "/test"), fact)), partition)


async def add(world: World, first: int, number: int) -> None:
    """Commit so many rows, five a transaction."""
    outbox = Outbox(world.schema)
    async with await AsyncConnection.connect(world.database_url) as conn:
        for start in range(first, first + number, 5):
            numbers = range(start, min(start + 5, first + number))
            await outbox.append(conn, [row(world, n) for n in numbers])
            await conn.commit()


async def waiting(world: World) -> int:
    """How many rows are not yet published."""
    return len(await rows(world, "select 1 from {}.outbox"))


async def rows(world: World, query: LiteralString) -> list[Any]:
    """What the database answers."""
    async with await AsyncConnection.connect(world.database_url) as conn:
        text = SQL(query).format(Identifier(world.schema))
        return await (await conn.execute(text)).fetchall()


async def published(world: World) -> None:
    """Return when no row waits."""

    async def none() -> bool:
        return await waiting(world) == 0

    await wire.until(none)


async def told(world: World) -> list[int]:
    """The rows that a reader takes by the sequence rule; none may lie behind a gap."""
    verdict = await world.verdict()
    assert verdict.gaps == []
    return sorted(total for taken in verdict.taken.values() for _, _, total in taken)


async def numbers(world: World) -> dict[str, set[tuple[str, int] | None]]:
    """By id, every number under which a row was published."""
    seen: dict[str, set[tuple[str, int] | None]] = {}
    for record in await wire.read(world.bootstrap, world.output.name, world.output.partitions):
        id_ = dict(record.headers)["ce_id"].decode()
        seen.setdefault(id_, set()).add(origin(record))
    return seen
