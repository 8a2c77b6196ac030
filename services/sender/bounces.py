"""What mail servers report about a mail that they took and could not deliver (RFC 3464)."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parseaddr
from typing import Final
from uuid import UUID

from services.sender.status import is_of_the_address

RETURNED: Final = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})
"""The part of a report that holds the mail, or its headers alone (RFC 3462)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """No mail arrives at the address of that plan's; `status` as in RFC 3463, such as 5.1.1."""

    plan_id: UUID
    status: str


class NoReport(Exception):
    """The bytes are no report about a mail of ours. The reason holds nothing of them."""


def failure(raw: bytes) -> Failure | None:
    """What the report says. None where the mail may still arrive, or did, or where another mail
    may: its address is not at fault. Raises NoReport.
    """
    try:
        return _failure(raw)
    except RecursionError:  # the library's parser calls itself for each part in a part
        raise NoReport("is nested too deeply") from None


def _failure(raw: bytes) -> Failure | None:
    report = message_from_bytes(raw, policy=policy.compat32)
    parts = list(report.walk()) if report.get_content_type() == "multipart/report" else []
    said = [one for part in parts for one in _statuses(part)]
    if not said:
        raise NoReport("is no multipart/report with a message/delivery-status")
    plan_id = next((found for part in parts if (found := _plan(part))), None)
    if plan_id is None:
        raise NoReport("returns no mail with a Message-ID of ours")
    failed = next((status for action, status in said if action == "failed"), None)
    if failed is None or not failed.startswith("5.") or not is_of_the_address(failed):
        return None
    return Failure(plan_id, failed)


def _statuses(part: Message) -> list[tuple[str, str]]:
    """Action and status of each recipient."""
    if part.get_content_type() != "message/delivery-status":
        return []
    blocks = part.get_payload()
    told = [one for one in blocks if isinstance(one, Message)] if isinstance(blocks, list) else []
    return [
        (str(one["Action"]).strip().lower(), str(one["Status"]).split()[0][:9])
        for one in told
        if one["Action"] and str(one["Status"] or "").split()
    ]


def _plan(part: Message) -> UUID | None:
    """The plan of the mail that the part returns, whole or by its headers."""
    if part.get_content_type() not in RETURNED:
        return None
    mail = next(iter(part.get_payload()), None) if part.is_multipart() else None
    if not isinstance(mail, Message):
        mail = message_from_bytes(str(part.get_payload()).encode("utf-8", "replace"))
    try:
        return UUID(parseaddr(str(mail["Message-ID"] or ""))[1].partition("@")[0])
    except (ValueError, AttributeError):
        return None
