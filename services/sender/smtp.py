"""The mail server: it takes a mail, refuses the address for good, or has to be asked again."""

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final, Literal

import aiosmtplib
from aiosmtplib import SMTPException, SMTPRecipientsRefused

from services.runtime.process.logs import explained

SMTP_SECONDS: Final = 60.0
PERMANENT: Final = range(500, 600)
"""RFC 5321, 4.2.1: the client should not repeat the same request."""


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
            await aiosmtplib.send(
                mail,
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.security == "tls",
                start_tls=self.security == "starttls",
                timeout=SMTP_SECONDS,
            )
        except SMTPRecipientsRefused as error:
            status = error.recipients[0].code
            if status in PERMANENT:
                raise Refused(status) from None
            raise Away(f"status {status}") from None
        except (SMTPException, OSError) as error:
            raise Away(explained(error)) from None
