"""Byte strings in a row, as one: how messages lie in PostgreSQL.

The first line is a JSON list of lengths, null for a missing part; the parts follow it, untouched.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import orjson

from schemas.codec import Headers, Message

Part = bytes | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way to one partition of one topic."""

    topic: str
    partition: int
    message: Message


def join(parts: Sequence[Part]) -> bytes:
    """The parts as one byte string, which `split` takes apart again."""
    lengths = [None if part is None else len(part) for part in parts]
    return b"%b\n%b" % (orjson.dumps(lengths), b"".join(filter(None, parts)))


def split(joined: bytes) -> list[Part]:
    """The parts that were joined."""
    line, _, body = joined.partition(b"\n")
    return list(_cut(orjson.loads(line), body))


def _cut(lengths: Iterable[int | None], body: bytes) -> Iterator[Part]:
    start = 0
    for length in lengths:
        yield None if length is None else body[start : start + length]
        start += length or 0


def pack_headers(headers: Headers) -> bytes:
    """A message's headers, in their order, as one byte string."""
    return join([part for name, value in headers for part in (name.encode(), value)])


def unpack_headers(packed: bytes) -> Headers:
    """The headers that were packed."""
    parts = iter(split(packed))
    return tuple((_text(name), value) for name, value in zip(parts, parts, strict=True))  # type: ignore[misc]


def pack(messages: Iterable[Outgoing]) -> bytes:
    """The messages, in their order, as one byte string; nothing for none."""
    parts = list(chain.from_iterable(map(_parts, messages)))
    return join(parts) if parts else b""


def unpack(packed: bytes) -> list[Outgoing]:
    """The messages that were packed."""
    parts = iter(split(packed)) if packed else iter(())
    return [_outgoing(*five) for five in zip(*[parts] * 5, strict=True)]


def _parts(outgoing: Outgoing) -> tuple[Part, ...]:
    message = outgoing.message
    return (
        outgoing.topic.encode(),
        b"%d" % outgoing.partition,
        message.key,
        message.value,
        pack_headers(message.headers),
    )


def _outgoing(topic: Part, partition: Part, key: Part, value: Part, headers: Part) -> Outgoing:
    message = Message(key, value, unpack_headers(headers or b""))
    return Outgoing(_text(topic), int(partition or b""), message)


def _text(part: Part) -> str:
    return (part or b"").decode()
