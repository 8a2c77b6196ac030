"""Whose lead a message is about: the same person from two systems is one lead, with no look-up."""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from schemas.received.message import Identity

_NOT_DIGIT = re.compile(r"[^0-9]")
_TRUNK_ZERO = re.compile(r"\(0\)")
_FEWEST_DIGITS = 5


class Unidentifiable(ValueError):
    """The phone, which is all there is, is no number; the text says the rule that it breaks."""


@dataclass(frozen=True, slots=True)
class LeadIds:
    """Gives lead ids under one secret. Without it nobody can test whether a person is a lead."""

    secret: bytes

    def of(self, identity: Identity, source: str) -> UUID:
        """The id by e-mail, else by phone, else by the sender's own id within `source`.

        Raises Unidentifiable where a phone is all there is, and it is no number.
        """
        if identity.email is not None:
            return self._id("email", normal_email(identity.email))
        if identity.phone is not None and (phone := normal_phone(identity.phone)):
            return self._id("phone", *_scope(phone, source))
        if identity.external_id is not None:
            return self._id("external", source, identity.external_id)
        raise Unidentifiable(f"fewer than {_FEWEST_DIGITS} digits")

    def fingerprint(self, raw: bytes) -> bytes:
        """32 bytes that tell nothing of `raw` without the secret.

        A sender's keys and bodies may be personal, and what is kept of them outlives an erasure.
        """
        return hmac.digest(self.secret, b"fingerprint:" + raw, "sha256")

    def _id(self, *parts: str) -> UUID:
        """A UUID of version 8 (RFC 9562): 122 bits of the HMAC-SHA256 over the parts."""
        text = "".join(f"{len(part)}:{part}" for part in parts)
        bits = int.from_bytes(hmac.digest(self.secret, text.encode(), "sha256")[:16], "big")
        bits = bits & ~(0xF000 << 64) | 0x8000 << 64
        return UUID(int=bits & ~(0xC000 << 48) | 0x8000 << 48)


def normal_email(address: str) -> str:
    """Composed Unicode, lower case, no outer space.

    Not done: dots and +tags are kept (what they mean is the provider's rule), and a domain in
    Unicode is not the same as its Punycode form.
    """
    return unicodedata.normalize("NFC", address.strip().lower())


def normal_phone(number: str) -> str:
    """Digits, led by + where the number is international; empty where it is no number.

    `00` counts as +, and a trunk zero written `(0)` after a country code is dropped. Not done: no
    country code is guessed for a national number, no length is checked by country, and what
    follows an extension sign is not understood.
    """
    digits = _NOT_DIGIT.sub("", number)
    international = number.strip().startswith("+") or digits.startswith("00")
    if international:
        digits = _NOT_DIGIT.sub("", _TRUNK_ZERO.sub("", number)).lstrip("0")
    if len(digits) < _FEWEST_DIGITS:
        return ""
    return f"+{digits}" if international else digits


def _scope(phone: str, source: str) -> tuple[str, ...]:
    """A national number is told apart by source: in two countries it is two people's."""
    return (phone,) if phone.startswith("+") else (phone, source)
