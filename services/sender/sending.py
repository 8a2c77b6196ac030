"""Sends what waits in the ledger, and writes what became of each mail.

A mail is taken in one transaction, sent in none, and ended in another. A crash after the mail
server took it and before that was written sends it again, once its lease is over, under the same
Message-ID: at least once, and never lost.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from pydantic import TypeAdapter

from services.runtime.outbox.outbox import Outbox
from services.runtime.process.metrics import MAILS
from services.runtime.process.polling import poll
from services.runtime.vault import Vault, unseal
from services.sender import ledger, reports
from services.sender.ledger import Ended, Mail
from services.sender.message import Unaddressable, Writer
from services.sender.smtp import Away, Refused, Smtp
from services.sender.templates import Templates, Unrenderable
from services.sender.unsubscribing import Unsubscribing

AT_ONCE: Final = 10
"""Mails side by side: a mail server allows few connections a client."""
PERSON: Final = TypeAdapter(dict[str, str])

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sending:
    """Any number may run: a mail is one's to send until its lease is over."""

    pool: AsyncConnectionPool
    vault: Vault
    outbox: Outbox
    templates: Templates
    unsubscribing: Unsubscribing
    writer: Writer
    smtp: Smtp
    sent_code: str

    async def run(self) -> None:
        """Look about once a second, for as long as the service lives."""
        await poll(self.look, AT_ONCE)

    async def look(self) -> int:
        """Send what is due now; answers how many mails were taken.

        Raises what PostgreSQL says where it is away, when every mail has come to its end.
        """
        async with self.pool.connection() as conn:
            mails = await ledger.take(conn, AT_ONCE)
        ends = await asyncio.gather(*(self._send(mail) for mail in mails), return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end
        return len(mails)

    async def _send(self, mail: Mail) -> None:
        try:
            ended = await self._ended(mail)
        except psycopg.Error:
            raise
        except Exception as error:  # tried again later, like the rest until the touch lapses
            # no words: they may hold an address
            log.error("mail failed", plan_id=str(mail.request.plan_id), error=type(error).__name__)
            MAILS.labels("failed").inc()
            return
        if ended is None:
            MAILS.labels("postponed").inc()
            return
        async with self.pool.connection() as conn:
            await self._write(conn, mail, ended)
        MAILS.labels(ended.state).inc()

    async def _ended(self, mail: Mail) -> Ended | None:
        """What became of it; None where the mail server is to be asked again later."""
        if reason := _unwanted(mail):
            return Ended("unsent", reason)
        try:
            person = await self._person(mail)
            if person is None:
                return Ended("unsent", "erased")
            await self._hand_over(mail, person)
        except (Unrenderable, Unaddressable) as error:
            log.warning("mail not written", reason=type(error).__name__)
            return Ended("unsent", type(error).__name__.lower())
        except Refused as refused:
            return Ended("bounced", f"status {refused.status}")
        except Away as away:
            log.warning("mail server away", reason=str(away))
            return None
        return Ended("sent")

    async def _hand_over(self, mail: Mail, person: dict[str, str]) -> None:
        asked = mail.request
        link = self.unsubscribing.link(asked.plan_id, asked.lead_id)
        fields = {
            "person": person,
            "lead": asked.features.model_dump(mode="json", exclude_none=True),
            "unsubscribe": link,
        }
        content = self.templates.render(asked.template or "", fields)
        to, at = person.get("email"), asked.recorded_at
        await self.smtp.send(self.writer.write(to, asked.plan_id, content, link, at=at))

    async def _person(self, mail: Mail) -> dict[str, str] | None:
        asked = mail.request
        async with self.pool.connection() as conn:
            key = (await self.vault.keys(conn, [asked.lead_id])).get(asked.lead_id)
        if key is None:
            return None
        return PERSON.validate_json(unseal(key, asked.lead_id, asked.sealed))

    async def _write(self, conn: AsyncConnection, mail: Mail, ended: Ended) -> None:
        at = await ledger.end(conn, mail.request.plan_id, ended)
        if at is None:
            return
        match ended.state:
            case "sent":
                await self.outbox.append(conn, [reports.sent(mail, at, self.sent_code)])
            case "bounced":
                asked = mail.request
                row = reports.bounced(asked.lead_id, asked.plan_id, at, mail.traceparent)
                await self.outbox.append(conn, [row])
            case "unsent":
                log.info("mail not sent", reason=ended.reason)


def _unwanted(mail: Mail) -> str | None:
    if mail.late:
        return "lapsed"
    if mail.unwanted:
        return "unsubscribed"
    return "withdrawn" if mail.withdrawn else None
