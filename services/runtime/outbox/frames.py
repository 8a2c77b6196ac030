"""Messages as they lie in PostgreSQL: one byte string for many, in MessagePack.

Values are any bytes, so JSON would have to spell them out; the copy of what was decided is made
for every message, so its price counts.
"""

from collections.abc import Iterable
from typing import cast

from msgspec import Struct, msgpack

from schemas.codec import Headers, Message

_Headers = tuple[tuple[str, bytes | None], ...]
"""A stranger's header may be null; where one must not be, its reader says so."""
_Packed = tuple[str, int, bytes | None, bytes | None, _Headers]

_encoder = msgpack.Encoder()
_messages = msgpack.Decoder(list[_Packed])
_headers = msgpack.Decoder(_Headers)


class Outgoing(Struct, frozen=True):
    """A message on its way to one partition of one topic."""

    topic: str
    partition: int
    message: Message


def pack_headers(headers: Headers) -> bytes:
    """A message's headers, in their order, as one byte string."""
    return _encoder.encode(headers)


def unpack_headers(packed: bytes) -> Headers:
    """The headers that were packed."""
    return cast(Headers, _headers.decode(packed))


def pack(messages: Iterable[Outgoing]) -> bytes:
    """The messages, in their order, as one byte string; nothing for none."""
    packed = [_packed(one.topic, one.partition, one.message) for one in messages]
    return _encoder.encode(packed) if packed else b""


def unpack(packed: bytes) -> list[Outgoing]:
    """The messages that were packed."""
    if not packed:
        return []
    return [
        Outgoing(topic, partition, Message(key, value, cast(Headers, headers)))
        for topic, partition, key, value, headers in _messages.decode(packed)
    ]


def _packed(topic: str, partition: int, message: Message) -> _Packed:
    return topic, partition, message.key, message.value, tuple(message.headers)
