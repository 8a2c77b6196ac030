"""A mail as it goes out. The same touch gives the same Message-ID, however often it is sent."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from uuid import UUID

from services.sender.templates import Content


class Unaddressable(Exception):
    """The person has no e-mail address that a mail can be sent to."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who mails are from."""

    mail_from: str

    def message_id(self, plan_id: UUID) -> str:
        """By which mail servers and programs may know a repetition."""
        return f"<{plan_id}@{parseaddr(self.mail_from)[1].rpartition('@')[2]}>"

    def write(
        self, to: str | None, plan_id: UUID, content: Content, link: str, *, at: datetime
    ) -> EmailMessage:
        """The mail, with one-click unsubscription (RFC 8058). Raises Unaddressable.

        `at` is when it was asked for, so that a repetition is dated alike.
        """
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self.mail_from
        try:
            mail["To"] = Address(addr_spec=to or "")
        except Exception:  # the library's parser fails in many ways at what is no address
            raise Unaddressable from None
        mail["Date"] = at
        mail["Subject"] = content.subject
        mail["Message-ID"] = self.message_id(plan_id)
        mail["List-Unsubscribe"] = f"<{link}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(content.text)
        if content.html is not None:
            mail.add_alternative(content.html, subtype="html")
        return mail
