"""A sender on a real database that hands its mails to a real mail server, without the broker."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
from aiosmtpd.smtp import SMTP
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from schemas.codec import Message, decode
from schemas.envelope import Envelope, Event, child
from schemas.events.fact import Features
from schemas.events.request import TouchRequested, TouchRequestWithdrawn
from schemas.topics import TOUCH_RECEIVED
from services.runtime.fold.fold import Arrival, Outcome
from services.runtime.outbox.frames import unpack_headers
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres import postgres
from services.runtime.postgres.connections import Pipelined
from services.runtime.vault import Vault, seal
from services.sender.intake import Intake
from services.sender.message import Writer
from services.sender.sending import Sending
from services.sender.smtp import Smtp
from services.sender.templates import Templates
from services.sender.unsubscribing import Unsubscribing

KEK = bytes(32)
CODE = "SENT"
TEMPLATES = Path(__file__).parents[3] / "playbooks" / "templates"
ADA = {"first_name": "Ada", "email": "ada@example.com"}
LINKS = Unsubscribing(b"a secret of the tests", "https://mail.example.com")


@dataclass
class Server:
    """A mail server: it keeps what it takes, and answers `RCPT TO` as it is told."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"
    waits: asyncio.Event | None = None
    """Until it is set, `RCPT TO` is not answered."""

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self,
        server: Any,  # noqa: ARG002
        session: Any,  # noqa: ARG002
        envelope: Any,
        address: str,
        options: Any,  # noqa: ARG002
    ) -> str:
        """Take or refuse the address."""
        if self.waits:
            await self.waits.wait()
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802
        """Keep the mail."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        return "250 OK"


@asynccontextmanager
async def mail_server() -> AsyncIterator[Server]:
    """A mail server on a free port."""
    server = Server()
    listening = await asyncio.get_running_loop().create_server(
        lambda: SMTP(server, hostname="mail.example.com"), "127.0.0.1", 0
    )
    async with listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


@dataclass(frozen=True)
class Post:
    """Everything of the sender that works on the database."""

    pool: AsyncConnectionPool
    vault: Vault
    outbox: Outbox
    sending: Sending

    async def ask(self, person: dict[str, str] | None = None, **changes: Any) -> TouchRequested:
        """A mail is asked for, of a lead with a key."""
        lead_id = uuid4()
        async with self.pool.connection() as conn:
            key = (await self.vault.keys_or_new(conn, [lead_id]))[lead_id]
        asked = requested(lead_id, seal(key, lead_id, orjson.dumps(person or ADA)), **changes)
        await self.take(asked)
        return asked

    async def take(self, *asked: TouchRequested | TouchRequestWithdrawn) -> Outcome:
        """Fold the requests as one batch."""
        events = [
            Event(Envelope(uuid4(), "/p", traceparent=child(None, uuid4())), one) for one in asked
        ]
        arrivals = [Arrival(event, None) for event in events]  # type: ignore[arg-type]
        async with Pipelined(self.pool).connection() as conn:
            return await Intake(self.sending.templates, CODE).apply(conn, arrivals)

    async def again(self) -> None:
        """Let every lease be over."""
        async with self.pool.connection() as conn:
            await conn.execute("update sender.mails set next_at = now()")

    async def rows(self, sql: str) -> Sequence[dict[str, Any]]:
        """Read the database."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(sql.encode())
            return await cursor.fetchall()

    async def state(self) -> tuple[str, str | None]:
        """What became of the one mail, and why."""
        (mail,) = await self.rows("select state, reason from sender.mails")
        return mail["state"], mail["reason"]

    async def told(self) -> list[Event[Any]]:
        """What ingest will be told."""
        rows = await self.rows("select key, value, headers from sender.outbox order by id")
        return [
            decode(
                Message(row["key"], row["value"], unpack_headers(row["headers"])),
                TOUCH_RECEIVED.messages,
            )
            for row in rows
        ]


def requested(lead_id: UUID, sealed: str, **changes: Any) -> TouchRequested:
    """A request as the prioritizer writes it."""
    now = datetime.now(UTC)
    asked = {
        "lead_id": lead_id,
        "occurred_at": now,
        "recorded_at": now,
        "enrolment_id": uuid4(),
        "plan_id": uuid4(),
        "team": "sales",
        "step": 2,
        "steps": 9,
        "attempts": 1,
        "channel": "email",
        "activity": "E-mail: follow up",
        "due_at": now,
        "lapses_at": now + timedelta(hours=1),
        "result_codes": (CODE, "NOANSWER"),
        "features": Features(source="web-form"),
        "sealed": sealed,
        "template": "follow-up",
    }
    return TouchRequested.model_validate(asked | changes)


def withdrawn(asked: TouchRequested) -> TouchRequestWithdrawn:
    """The end of the request, as the prioritizer writes it."""
    return TouchRequestWithdrawn.model_validate(asked, from_attributes=True)


@asynccontextmanager
async def opened(url: str, port: int) -> AsyncIterator[Post]:
    """A sender on a database with the tables."""
    vault, outbox, writer = Vault(KEK), Outbox("sender"), Writer("Sales <sales@example.com>")
    smtp = Smtp("127.0.0.1", port, "none")
    async with postgres.pool(url, service="sender", max_size=20) as pool:
        sending = Sending(pool, vault, outbox, Templates(TEMPLATES), LINKS, writer, smtp, CODE)
        yield Post(pool, vault, outbox, sending)
