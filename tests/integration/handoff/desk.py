"""A handoff service on a real database, without the broker."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from schemas.codec import Message, decode
from schemas.crm import HandoffAnswered
from schemas.envelope import Envelope, Event, child, derived_id
from schemas.events.decision import (
    CadenceEnded,
    CadenceEntered,
    EndReason,
    EnrolmentUpdated,
    LeadQualified,
)
from schemas.events.fact import Features, NewFeatures
from schemas.topics import LEAD_EVENTS
from services.handoff.acks import Acks
from services.handoff.ledger import Ledger
from services.runtime.fold.fold import Fold, Outcome
from services.runtime.outbox.frames import unpack_headers
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres import postgres
from services.runtime.postgres.connections import Pipelined
from services.runtime.vault import Vault, seal
from tests.integration.arrived import arrived

KEK = bytes(32)
PERSON = {"first_name": "Ada", "email": "ada@example.com"}
AT = datetime(2026, 3, 3, 9, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Lead:
    """A lead on its way to the CRM."""

    id: UUID = field(default_factory=uuid4)
    enrolment_id: UUID = field(default_factory=uuid4)
    sealed: str = "sealed"

    @property
    def handoff_id(self) -> UUID:
        """As the cadence derives it: the same for the same enrolment."""
        return derived_id("handoff", str(self.id), str(self.enrolment_id))

    def entered(self) -> Event[CadenceEntered]:
        """It enters the cadence."""
        return decided(
            CadenceEntered(
                lead_id=self.id,
                occurred_at=AT,
                recorded_at=AT,
                enrolment_id=self.enrolment_id,
                cadence="nine-touches",
                playbook_digest="0" * 64,
                team="sales",
                features=Features(source="web-form", country="DE"),
                sealed=self.sealed,
            )
        )

    def updated(self, sealed: str | None = None, **features: Any) -> Event[EnrolmentUpdated]:
        """A source told of it anew."""
        return decided(
            EnrolmentUpdated(
                lead_id=self.id,
                occurred_at=AT,
                recorded_at=AT,
                enrolment_id=self.enrolment_id,
                update_id=uuid4(),
                features=NewFeatures(**features),
                sealed=sealed,
            )
        )

    def qualified(self) -> Event[LeadQualified]:
        """A disposition made it sales-qualified."""
        return decided(
            LeadQualified(
                lead_id=self.id,
                occurred_at=AT,
                recorded_at=AT,
                enrolment_id=self.enrolment_id,
                handoff_id=self.handoff_id,
                result_code="interested",
                rep_id="ana",
                attempts=2,
            )
        )

    def ended(self, reason: EndReason) -> Event[CadenceEnded]:
        """Its cadence ends."""
        return decided(
            CadenceEnded(
                lead_id=self.id,
                occurred_at=AT,
                recorded_at=AT,
                enrolment_id=self.enrolment_id,
                reason=reason,
                attempts=2,
            )
        )

    def answered(self, status: str = "accepted", **answer: Any) -> Event[HandoffAnswered]:
        """The CRM answers; a key of the message plays no part."""
        reason = "no budget" if status == "rejected" else None
        return crm_said(self.handoff_id, status=status, reason_code=reason, **answer)


def decided(fact: Any) -> Event[Any]:
    """The decision as a message of the cadence."""
    id_ = uuid4()
    return Event(Envelope(id_, "/touchline/cadence", traceparent=child(None, id_)), fact)


def crm_said(handoff_id: UUID, **answer: Any) -> Event[HandoffAnswered]:
    """A CRM's answer, as it lies on the topic: without sequence, with whatever trace it likes."""
    data = {"handoff_id": handoff_id, "crm": "acme", "at": AT, **answer}
    envelope = Envelope(uuid4(), "/acme/crm", traceparent="no trace of ours")
    return Event(envelope, HandoffAnswered.model_validate(data))


@dataclass(frozen=True)
class Desk:
    """Everything of the service that works on the database."""

    pool: AsyncConnectionPool
    vault: Vault
    acks: Acks

    async def lead(self) -> Lead:
        """A lead with a key."""
        lead = Lead()
        async with self.pool.connection() as conn:
            key = (await self.vault.keys_or_new(conn, [lead.id]))[lead.id]
        return Lead(lead.id, lead.enrolment_id, seal(key, lead.id, orjson.dumps(PERSON)))

    async def handed_off(self) -> Lead:
        """A lead that was handed off."""
        lead = await self.lead()
        await self.fold(lead.entered(), lead.qualified())
        return lead

    async def fold(self, *decisions: Event[Any]) -> Outcome:
        """Fold the decisions as one batch."""
        return await self._apply(Ledger(), decisions)

    async def answer(self, *answers: Event[Any]) -> Outcome:
        """Fold the CRM's answers as one batch."""
        return await self._apply(self.acks, answers)

    async def _apply(self, fold: Fold, events: Sequence[Event[Any]]) -> Outcome:
        async with Pipelined(self.pool).connection() as conn:
            return await fold.apply(conn, arrived(*events))

    async def rows(self, sql: str) -> Sequence[dict[str, Any]]:
        """Read the database."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(sql.encode())
            return await cursor.fetchall()

    async def told(self) -> list[Event[Any]]:
        """Every fact in the outbox, in order."""
        rows = await self.rows("select key, value, headers from handoff.outbox order by id")
        return [
            decode(
                Message(row["key"], row["value"], unpack_headers(row["headers"])),
                LEAD_EVENTS.messages,
            )
            for row in rows
        ]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Desk]:
    """A desk on a database with the tables."""
    async with postgres.pool(url, service="handoff") as pool:
        yield Desk(pool, Vault(KEK), Acks(Outbox("handoff")))
