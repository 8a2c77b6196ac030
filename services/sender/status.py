"""Whose fault a permanent failure is, by its enhanced status code (RFC 3463, section 3)."""

import re
from typing import Final

PERMANENT: Final = range(500, 600)
"""RFC 5321, 4.2.1: the client should not repeat the same request."""
NOBODY: Final = frozenset({550, 551, 553})
"""RFC 5321, 4.2.3: mailbox unavailable, user not local, mailbox name not allowed."""
_ENHANCED = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])")
_UNDEFINED = "0"
_SENDERS = frozenset({"7", "8"})
_DISABLED = frozenset({"0", "1"})


def refuses_the_address(code: int, text: str) -> bool:
    """Whether a reply to `RCPT TO` says that nobody is to be reached there, now or later.

    By the enhanced status code in its text (RFC 2034); without one, by the reply's own code.
    """
    if code not in PERMANENT:
        return False
    enhanced = _ENHANCED.search(text)
    if enhanced is None or enhanced[0].split(".")[1] == _UNDEFINED:
        return code in NOBODY
    return is_of_the_address(enhanced[0])


def is_of_the_address(status: str) -> bool:
    """Whether a permanent status, such as 5.1.1, is the address's fault.

    It is where the address is wrong (X.1), but for the sender's own; and where the mailbox is
    disabled (X.2.1). A mailbox that is full, a mail that is too long, a network, a protocol and a
    policy say nothing of the address. What is undefined (X.0) is taken for its fault.
    """
    subject, _, detail = status.removeprefix("5.").partition(".")
    match subject:
        case "1":
            return detail not in _SENDERS
        case "2":
            return detail in _DISABLED
        case _:
            return subject == _UNDEFINED
