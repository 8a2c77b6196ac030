"""A lead's timeline: what was planned, claimed and done, in order, as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool
from pydantic import AwareDatetime

from schemas.events.fact import Features, Frozen
from services.prioritizer.reading import refusals as reading_refusals
from services.prioritizer.reading.person import Person, unsealed
from services.prioritizer.reading.told import told
from services.runtime.access.roles import Caller
from services.runtime.vault import Unsealable, Vault, unseal

MOST_TOLD = 500
"""Entries of a timeline, the newest: longer ones say that they were cut."""

LEAD = """
select lead_id, features, sealed, playbook_digest from prioritizer.leads
where lead_id = %s and team = %s
"""
EVENTS = """
select recorded_at as at, stage, id, type, fact from prioritizer.history where lead_id = %(lead)s
union all
select claimed_at, 2, fence, 'lead-claimed', jsonb_build_object('rep_id', rep_id,
    'claim_id', claim_id, 'plan_id', plan_id, 'picked', why -> 'picked',
    'tier', why ->> 'tier') from prioritizer.claims where lead_id = %(lead)s
union all
select closed_at, 3, fence, 'claim-' || state, jsonb_build_object('rep_id', rep_id,
    'claim_id', claim_id, 'plan_id', plan_id, 'outcome', outcome)
from prioritizer.claims where lead_id = %(lead)s and state <> 'open' and not exists (
    select from prioritizer.history where history.lead_id = %(lead)s
      and type = 'touch-logged' and fact ->> 'plan_id' = claims.plan_id::text)
order by at desc, stage desc, id desc limit %(most)s
"""
# A disposition is told by the touch that it logged, once that has come back from the log.


class Entry(Frozen):
    """One thing that happened; `fact` is what was recorded, `note` the rep's own words."""

    at: AwareDatetime
    type: str
    words: str
    note: str | None
    fact: dict[str, Any]


class Timeline(Frozen):
    """Oldest first. No person and no notes: the lead was erased."""

    lead_id: UUID
    person: Person | None
    features: Features
    playbook_digest: str | None
    entries: tuple[Entry, ...]
    cut: bool


class Row(Frozen):
    """A lead as the queue keeps it."""

    lead_id: UUID
    features: Features
    sealed: str
    playbook_digest: str | None


@dataclass(frozen=True, slots=True)
class Timelines:
    """Reads leads of the caller's own team."""

    pool: AsyncConnectionPool
    vault: Vault

    async def of(self, caller: Caller, lead_id: UUID) -> Timeline:
        """The lead's timeline. Raises Problem 404 for a lead that is not the team's."""
        async with self.pool.connection() as conn:
            lead = await _lead(conn, caller, lead_id)
            key = (await self.vault.keys(conn, [lead_id])).get(lead_id)
            rows = await _events(conn, lead_id)
        return Timeline(
            lead_id=lead_id,
            person=unsealed(key, lead_id, lead.sealed),
            features=lead.features,
            playbook_digest=lead.playbook_digest,
            entries=tuple(_entry(row, lead_id, key) for row in reversed(rows[:MOST_TOLD])),
            cut=len(rows) > MOST_TOLD,
        )


async def _lead(conn: AsyncConnection, caller: Caller, lead_id: UUID) -> Row:
    async with conn.cursor(row_factory=class_row(Row)) as cursor:
        await cursor.execute(LEAD, (lead_id, caller.team))
        lead = await cursor.fetchone()
    if lead is None:
        raise reading_refusals.unknown_lead(lead_id)
    return lead


async def _events(conn: AsyncConnection, lead_id: UUID) -> Sequence[dict[str, Any]]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(EVENTS, {"lead": lead_id, "most": MOST_TOLD + 1})
        return await cursor.fetchall()


def _entry(row: dict[str, Any], lead_id: UUID, key: bytes | None) -> Entry:
    fact: dict[str, Any] = row["fact"]
    note = _note(fact.pop("sealed_note", None), lead_id, key)
    at: datetime = row["at"]
    return Entry(at=at, type=row["type"], words=told(row["type"], fact), note=note, fact=fact)


def _note(sealed: str | None, lead_id: UUID, key: bytes | None) -> str | None:
    """A note that another system sealed wrongly is left out: the rest is worth reading."""
    if sealed is None or key is None:
        return None
    try:
        return unseal(key, lead_id, sealed).decode(errors="replace")
    except Unsealable:
        return None
