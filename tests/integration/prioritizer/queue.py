"""A prioritizer on a real database, without the broker: decisions in, claims and facts out."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from engagement.playbook import Playbook
from schemas.codec import Message, decode
from schemas.envelope import Event
from schemas.events.fact import LeadFact
from schemas.events.people import TeamFact
from schemas.topics import TOPICS
from services.prioritizer.callers import Rep
from services.prioritizer.claims.desk import Desk
from services.prioritizer.claims.holding import Disposition, Holding
from services.prioritizer.claims.in_hand import Given
from services.prioritizer.people.presence import Attendance, Presence
from services.prioritizer.polling.poller import Poller
from services.prioritizer.serving.serving import Serving
from services.prioritizer.table.projection import Projection
from services.runtime.fold.fold import Outcome
from services.runtime.outbox.frames import unpack_headers
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres import postgres
from services.runtime.postgres.connections import Pipelined
from services.runtime.vault import Vault, seal
from tests.integration.arrived import arrived
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead

KEK = bytes(32)
PERSON = {"first_name": "Ada", "email": "ada@example.com"}
ANA, BEN = Rep("ana", TEAM), Rep("ben", TEAM)
ATTENDANCE = Attendance()


@dataclass(frozen=True)
class Queue:
    """Everything of the service that works on the database."""

    pool: AsyncConnectionPool
    vault: Vault
    serving: Serving
    holding: Holding
    poller: Poller
    presence: Presence

    @property
    def desk(self) -> Desk:
        """What a rep does with the queue."""
        return Desk(self.serving, self.holding, self.presence)

    def demanding(self) -> "Queue":
        """The same, where reps must clock in before they are given leads."""
        attendance = replace(ATTENDANCE, demanded=True)
        return replace(self, serving=replace(self.serving, attendance=attendance))

    async def fold(self, *decisions: Event[Any]) -> Outcome:
        """Project the decisions as one batch of partition 0."""
        async with Pipelined(self.pool).connection() as conn:
            return await Projection().apply(conn, arrived(*decisions))

    async def lead(self, team: str = TEAM, **plan: Any) -> Lead:
        """A lead with a key, in the cadence since its touch was planned."""
        lead = await self.stranger(team)
        await self.fold(lead.entered(plan.get("recorded_at", NOW)), lead.planned(**plan))
        return lead

    async def stranger(self, team: str = TEAM) -> Lead:
        """A lead with a key, of whom the queue has heard nothing yet."""
        lead = Lead(team=team)
        async with self.pool.connection() as conn:
            key = (await self.vault.keys_or_new(conn, [lead.id]))[lead.id]
        return Lead(lead.id, lead.enrolment_id, team, seal(key, lead.id, orjson.dumps(PERSON)))

    async def next(self, rep: Rep = ANA) -> UUID | None:
        """Whom the rep is given."""
        given = await self.serving.next(rep)
        return given.claim.lead_id if given else None

    async def given(self, rep: Rep = ANA) -> Given:
        """What the rep is given; somebody must be due."""
        given = await self.serving.next(rep)
        assert given is not None
        return given

    async def dispose(self, given: Given, code: str = "no-answer", **end: Any) -> None:
        """End the claim with a result code."""
        claim = given.claim
        end = {"channel": None, "note": None, **end}
        await self.holding.dispose(
            claim.rep_id, claim.claim_id, claim.fence, Disposition(code, **end)
        )

    def with_skips(self, a_day: int) -> Holding:
        """The same, where a rep may give back so many leads a day."""
        return replace(self.holding, skips_a_day=a_day)

    async def run_out(self, given: Given) -> None:
        """Let the claim's lease run out now."""
        await self.execute(
            "update prioritizer.claims set leased_until = now() where claim_id = %s",
            given.claim.claim_id,
        )

    async def teach(self, playbook: Playbook, **changes: object) -> None:
        """Let the queue know the playbook by which every lead entered, with these changes."""
        told = Playbook.model_validate(playbook.model_dump() | changes)
        known = "insert into prioritizer.playbooks values (%s, %s)"
        await self.execute(known, "0" * 64, told.content)

    async def execute(self, sql: str, *parameters: Any) -> None:
        """Change the database behind the service's back."""
        async with self.pool.connection() as conn:
            await conn.execute(sql.encode(), parameters)

    async def rows(self, sql: str, *parameters: Any) -> Sequence[dict[str, Any]]:
        """Read the database."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(sql.encode(), parameters)
            return await cursor.fetchall()

    async def told(self) -> list[Event[Any]]:
        """Every fact about a lead in the outbox, in order."""
        return [one for one in await self.said() if isinstance(one.data, LeadFact)]

    async def told_of_people(self) -> list[Event[Any]]:
        """Every fact about people in the outbox, in order."""
        return [one for one in await self.said() if isinstance(one.data, TeamFact)]

    async def said(self) -> list[Event[Any]]:
        """Every fact in the outbox, in order."""
        rows = await self.rows(
            "select topic, key, value, headers from prioritizer.outbox order by id"
        )
        topics = {topic.name: topic.messages for topic in TOPICS}
        return [
            decode(
                Message(row["key"], row["value"], unpack_headers(row["headers"])),
                topics[row["topic"]],
            )
            for row in rows
        ]


@asynccontextmanager
async def opened(url: str, lease: timedelta = timedelta(minutes=5)) -> AsyncIterator[Queue]:
    """A queue on a database with the tables."""
    vault, outbox = Vault(KEK), Outbox("prioritizer")
    async with postgres.pool(url, service="prioritizer", max_size=20, plan_once=True) as pool:
        changing = Pipelined(pool)
        yield Queue(
            pool,
            vault,
            Serving(changing, vault, outbox, lease),
            Holding(changing, vault, outbox, lease, skips_a_day=1_000),
            Poller(pool, outbox),
            Presence(changing, outbox, ATTENDANCE),
        )
