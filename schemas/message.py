"""What Kafka keeps, and how it can be wrong."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Headers = Sequence[tuple[str, bytes]]
ErrorCode = Literal[
    "no-envelope", "not-utf8", "not-json", "unknown-type", "unknown-version", "invalid"
]


class Message(Struct, frozen=True):
    """What Kafka keeps of a message. No value is a tombstone."""

    key: bytes | None
    value: bytes | None
    headers: Headers = ()


class Undecodable(ValueError):
    """The bytes are no message of this topic. The text names field and rule, never a value."""

    def __init__(self, code: ErrorCode, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
