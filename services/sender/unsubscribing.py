"""The link by which a person ends all e-mail: its token names mail and lead, and nobody forges it.

RFC 8058: a mail program posts to the link of its own accord, so the link itself is all the proof.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import Final
from uuid import UUID

SIGNATURE_BYTES: Final = 16
PATH: Final = "/v1/unsubscribe"


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Makes and reads tokens; `url` is where the door is reached from outside."""

    secret: bytes
    url: str

    def link(self, plan_id: UUID, lead_id: UUID) -> str:
        """The link for the mail of that plan: always the same one."""
        told = plan_id.bytes + lead_id.bytes
        token = base64.urlsafe_b64encode(told + self._signature(told)).decode()
        return f"{self.url}{PATH}/{token}"

    def read(self, token: str) -> tuple[UUID, UUID] | None:
        """The plan and the lead of a token of ours; None for any other text."""
        try:
            raw = base64.b64decode(token, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        told, signature = raw[:32], raw[32:]
        if not hmac.compare_digest(signature, self._signature(told)) or len(told) != 32:
            return None
        return UUID(bytes=told[:16]), UUID(bytes=told[16:])

    def _signature(self, told: bytes) -> bytes:
        return hmac.digest(self.secret, b"unsubscribe" + told, "sha256")[:SIGNATURE_BYTES]
