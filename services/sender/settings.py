"""What the sender is told by its environment."""

from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretBytes, SecretStr

from schemas.events.fact import Text
from services.runtime.process.settings import KeyHash, RuntimeSettings, VaultKey
from services.sender.templates import Templates


def _mailbox(text: str) -> str:
    try:
        Address(addr_spec=parseaddr(text)[1])
    except (ValueError, IndexError):
        raise ValueError('must be an address such as "Sales <sales@example.com>"') from None
    return text


def _filled(folder: Path) -> Path:
    Templates(folder)
    return folder


def _public(url: str) -> str:
    if urlsplit(url).scheme != "https":
        raise ValueError("must be an https:// URL: mail programs post to it (RFC 8058)")
    return url.rstrip("/")


class Settings(RuntimeSettings):
    """`templates` is a folder with a folder a template; `unsubscribe_url` is where the sender's
    door is reached from outside."""

    vault_key: VaultKey
    templates: Annotated[Path, AfterValidator(_filled)]
    mail_from: Annotated[str, AfterValidator(_mailbox)]
    unsubscribe_url: Annotated[str, AfterValidator(_public)]
    unsubscribe_secret: Annotated[SecretBytes, Field(min_length=16)]
    """Never to be changed: links in mails that were sent before would mean nothing."""
    bounce_keys: dict[Text, KeyHash] = Field(default_factory=dict)
    """Who may pass on reports of mails that came back; none: nobody."""
    sent_code: Text = "SENT"
    """The result code that a mail which was handed over ends with."""
    smtp_host: str
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
