"""The queue as a list, page by page: who is ready, who waits and until when, who holds whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from engagement.calendar.zones import zone
from engagement.playbook import Playbook
from engagement.playbook.queue import DEFAULT
from engagement.priority import bucket
from schemas.events.fact import Features, Frozen
from schemas.events.plan import TouchPlanned
from services.prioritizer.lists import cursor as cursors
from services.prioritizer.lists.cursor import Place
from services.prioritizer.lists.list_sql import FILTERS, MOST_READ, statement
from services.prioritizer.lists.listed import Listed, Page, Wanted
from services.prioritizer.reading.person import unsealed
from services.prioritizer.table.playbooks import Playbooks, whereabouts
from services.prioritizer.table.ranking import places_of
from services.runtime.access.roles import Caller
from services.runtime.vault import Vault


class Row(Frozen):
    """A row of the list, with its place in the list's order."""

    lead_id: UUID
    playbook_digest: str | None
    cadence: str | None
    features: Features
    sealed: str
    plan: TouchPlanned
    tier: str | None
    tier_order: int
    order_key: int
    not_before: datetime
    lapses_at: datetime
    asked_at: datetime
    rule: str | None
    returns_at: datetime | None
    held_by: str | None


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists the leads of the caller's own team."""

    pool: AsyncConnectionPool
    vault: Vault
    playbooks: Playbooks

    async def page(self, caller: Caller, wanted: Wanted, cursor: str | None, most: int) -> Page:
        """At most `most` leads after the cursor. Raises Problem 422 for a cursor that is none."""
        place = cursors.read(cursor)
        async with self.pool.connection() as conn:
            rows = await _rows(conn, wanted, caller, place)
            found: list[Listed] = []
            for row in rows:
                listed = await self._listed(conn, caller, row)
                if _meets(listed, wanted):
                    found.append(listed)
                    place = _after(row)
                    if len(found) == most:
                        break
            else:
                place = _after(rows[-1]) if rows else place
            people = await self._people(conn, rows, found)
        cut = len(found) == most or len(rows) == MOST_READ
        return Page(leads=tuple(people), next=cursors.written(place) if cut else None)

    async def _listed(self, conn: AsyncConnection, caller: Caller, row: Row) -> Listed:
        plan = row.plan
        playbook = await self.playbooks.get(conn, row.playbook_digest)
        place = whereabouts(row.features, playbook)
        order = playbook.order if playbook else DEFAULT
        hour = plan.not_before.astimezone(zone(place.time_zone)).hour
        return Listed(
            lead_id=row.lead_id,
            person=None,
            tier=row.tier,
            bucket=bucket(
                row.tier is not None and order.is_urgent(row.tier), plan.for_rep == caller.subject
            ),
            channel=plan.channel,
            activity=plan.activity,
            cadence=row.cadence,
            step=plan.step,
            steps=plan.steps,
            due_at=plan.due_at,
            lapses_at=plan.lapses_at,
            overdue=plan.due_at < row.asked_at,
            part="morning" if hour < 12 else "afternoon",
            time_zone=place.time_zone,
            rule=row.rule,
            returns_at=row.returns_at,
            allowed_by=plan.allowed_by,
            denied_by=plan.denied_by or (),
            waits_for=plan.waits_for,
            held_by=row.held_by,
            may_pick="rep" in caller.roles and row.rule is None and _picked_from(playbook),
        )

    async def _people(
        self, conn: AsyncConnection, rows: Iterable[Row], found: list[Listed]
    ) -> Iterator[Listed]:
        keys = await self.vault.keys(conn, [one.lead_id for one in found])
        sealed = {row.lead_id: row.sealed for row in rows}
        return (
            one.model_copy(
                update={
                    "person": unsealed(keys.get(one.lead_id), one.lead_id, sealed[one.lead_id])
                }
            )
            for one in found
        )


def _picked_from(playbook: Playbook | None) -> bool:
    return playbook is not None and playbook.picking is True


async def _rows(conn: AsyncConnection, wanted: Wanted, caller: Caller, place: Place) -> list[Row]:
    filters = {name: wish for name in FILTERS if (wish := getattr(wanted, name)) is not None}
    asked: dict[str, Any] = {"team": caller.team, **place.model_dump(), **filters}
    asked["rep_id"] = caller.subject if "rep" in caller.roles else None
    if wanted.tier is not None:
        asked["first"], asked["last"] = await places_of(conn, wanted.tier)
    async with conn.cursor(row_factory=class_row(Row)) as cursor:
        await cursor.execute(statement(wanted.state, filters).encode(), asked)
        return await cursor.fetchall()


def _meets(one: Listed, wanted: Wanted) -> bool:
    """Whether it is asked for, by the filters that no statement takes."""
    asked = (
        (wanted.part, one.part),
        (wanted.overdue, one.overdue),
        (wanted.bucket, one.bucket),
    )
    return all(wish is None or wish == there for wish, there in asked)


def _after(row: Row) -> Place:
    return Place(
        after=row.tier_order,
        key=row.order_key,
        opens=row.not_before,
        lapses=row.lapses_at,
        id=row.lead_id,
    )
