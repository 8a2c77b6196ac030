"""The mail server: it takes a mail, refuses the address for good, or has to be asked again."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final, Literal

import aiosmtplib
from aiosmtplib import SMTPException, SMTPRecipientsRefused

from services.runtime.process.logs import explained
from services.sender.status import refuses_the_address

SMTP_SECONDS: Final = 60.0
"""For each of the mail server's answers."""
SESSION_SECONDS: Final = 100.0
"""For all of them, so that a mail is given up before its lease is over."""
QUIT_SECONDS: Final = 5.0


class Refused(Exception):
    """No mail to this address will be taken."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class Away(Exception):
    """The mail server does not answer, or not now, or not us: the address has no part in it."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """Where mails are handed over. A connection a mail: they are few, and none goes stale."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = None

    async def send(self, mail: EmailMessage) -> None:
        """Return when the server has taken the mail. Raises Refused, or Away."""
        try:
            await self._send(mail)
        except SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            if refuses_the_address(refused.code, refused.message):
                raise Refused(refused.code) from None
            raise Away(f"status {refused.code}") from None
        except (SMTPException, OSError) as error:
            raise Away(explained(error)) from None

    async def _send(self, mail: EmailMessage) -> None:
        client = self._client()
        try:
            async with asyncio.timeout(SESSION_SECONDS):
                await client.connect()
                await client.send_message(mail)
            with suppress(SMTPException, OSError):  # it has the mail, whatever follows
                await client.quit(timeout=QUIT_SECONDS)
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            timeout=SMTP_SECONDS,
        )
