"""The projection's side of prioritizer.leads: whole batches at once, one row a lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from psycopg import AsyncConnection, AsyncCursor

from engagement.own import anyone_from
from engagement.playbook.touch import untouched
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered, CadenceMoved
from schemas.events.plan import TouchPlanned
from services.prioritizer.table.leads_sql import (
    CLEAR,
    ENTER,
    MOVE,
    OPEN,
    PAUSE,
    PLACE,
    PLAN,
    SETTLE,
    UPDATE,
)
from services.prioritizer.table.opening import closes_at, multirange
from services.prioritizer.table.ranking import Ranked, place
from services.prioritizer.table.updates import Update


@dataclass(frozen=True, slots=True)
class Paused:
    """A lead that people stopped at that moment; `plan`, where the row was never told of it."""

    lead_id: UUID
    at: datetime
    plan: TouchPlanned | None


async def enter(
    conn: AsyncConnection, entered: Sequence[tuple[int, Event[CadenceEntered]]]
) -> None:
    """Make or renew the rows of leads that entered a cadence, by partition; each lead once."""
    facts = [event.data for _, event in entered]
    if facts:
        columns = (
            [partition for partition, _ in entered],
            [fact.lead_id for fact in facts],
            [fact.team for fact in facts],
            [fact.enrolment_id for fact in facts],
            [fact.playbook_digest for fact in facts],
            [fact.features.model_dump_json() for fact in facts],
            [fact.sealed for fact in facts],
            [fact.recorded_at for fact in facts],
            [fact.cadence for fact in facts],
        )
        await conn.execute(ENTER, columns)


async def move(conn: AsyncConnection, moved: Sequence[CadenceMoved]) -> None:
    """Bring these leads to the teams of their versions; each lead at most once."""
    if moved:
        columns = (
            [fact.lead_id for fact in moved],
            [fact.team for fact in moved],
            [fact.playbook_digest for fact in moved],
            [fact.features.model_dump_json() for fact in moved],
            [fact.cadence for fact in moved],
        )
        await conn.execute(MOVE, columns, binary=True)


async def update(conn: AsyncConnection, updated: Mapping[UUID, Update]) -> None:
    """Put what was told anew of these leads in place of what was known."""
    if updated:
        told = updated.values()
        columns = (
            [*updated],
            [orjson.dumps(one.features).decode() for one in told],
            [one.sealed for one in told],
        )
        await conn.execute(UPDATE, columns, binary=True)


async def plan(
    conn: AsyncConnection, planned: Sequence[Event[TouchPlanned]], ranked: Mapping[UUID, Ranked]
) -> None:
    """Put these plans in force, in their places; each lead at most once, and known."""
    if planned:
        facts = [event.data for event in planned]
        columns = (
            *place([ranked[fact.lead_id] for fact in facts]),
            [fact.model_dump_json() for fact in facts],
            [fact.plan_id for fact in facts],
            [event.envelope.id for event in planned],
            [event.envelope.traceparent for event in planned],
            [fact.not_before for fact in facts],
            [closes_at(fact) for fact in facts],
            [fact.for_rep for fact in facts],
            [anyone_from(fact) for fact in facts],
            [fact.again == "callback" for fact in facts],
            [untouched(fact) for fact in facts],
            [multirange(fact) for fact in facts],
        )
        await conn.execute(PLAN.encode(), columns, binary=True)


async def remember_opening(conn: AsyncConnection, opened: Mapping[UUID, datetime]) -> None:
    """Keep when the first touch of these leads might be made, though none is planned now."""
    if opened:
        await conn.execute(OPEN.encode(), ([*opened], [*opened.values()]), binary=True)


async def replace(conn: AsyncConnection, ranked: Sequence[Ranked]) -> None:
    """Give plans that are kept the places that they have by another order; each lead once."""
    if ranked:
        await conn.execute(PLACE.encode(), place(ranked), binary=True)


async def clear(conn: AsyncConnection, lead_ids: Sequence[UUID]) -> AsyncCursor | None:
    """Leave these leads without a plan; `teams` reads the answer."""
    return await conn.execute(CLEAR.encode(), (lead_ids,), binary=True) if lead_ids else None


async def pause(conn: AsyncConnection, paused: Sequence[Paused]) -> AsyncCursor | None:
    """Leave these leads without a plan until they go on; `teams` reads the answer."""
    if not paused:
        return None
    columns = (
        [one.lead_id for one in paused],
        [one.at for one in paused],
        [one.plan.model_dump_json() if one.plan else None for one in paused],
    )
    return await conn.execute(PAUSE.encode(), columns, binary=True)


async def teams(cleared: AsyncCursor | None) -> dict[UUID, str]:
    """The teams of the leads that were cleared and exist."""
    return dict(await cleared.fetchall()) if cleared else {}


async def settle(conn: AsyncConnection, most: int) -> int:
    """Write down that touches went on to their later tier; answers how many, at most `most`.

    It changes no answer: each question sees by itself which place holds. Places that are over
    would only lie in its way.
    """
    return (await conn.execute(SETTLE, (most,))).rowcount
