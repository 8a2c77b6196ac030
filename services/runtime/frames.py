"""Messages as they lie in PostgreSQL: one byte string for many.

The first line is JSON and tells what lies where; the bytes follow it, untouched: key, value and
header values, message by message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from schemas.codec import Headers, Message

Part = bytes | None
Length = int | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way to one partition of one topic."""

    topic: str
    partition: int
    message: Message


class _Cut:
    """Takes one part after the other off a byte string."""

    def __init__(self, packed: bytes) -> None:
        line, _, self._body = packed.partition(b"\n")
        self.index = orjson.loads(line)
        self._start = 0

    def part(self, length: Length) -> Part:
        if length is None:
            return None
        start, self._start = self._start, self._start + length
        return self._body[start : self._start]

    def headers(self, names: Sequence[str], lengths: Sequence[Length]) -> Headers:
        values = [self.part(length) for length in lengths]
        return tuple(zip(names, values, strict=True))  # type: ignore[arg-type]


def pack_headers(headers: Headers) -> bytes:
    """A message's headers, in their order, as one byte string."""
    values = [value for _, value in headers]
    return _packed([[name for name, _ in headers], _lengths(values)], values)


def unpack_headers(packed: bytes) -> Headers:
    """The headers that were packed."""
    cut = _Cut(packed)
    return cut.headers(*cut.index)


def pack(messages: Iterable[Outgoing]) -> bytes:
    """The messages, in their order, as one byte string; nothing for none."""
    index: list[object] = []
    parts: list[Part] = []
    for outgoing in messages:
        message = outgoing.message
        names = [name for name, _ in message.headers]
        own = [message.key, message.value, *[value for _, value in message.headers]]
        index.append((outgoing.topic, outgoing.partition, names, _lengths(own)))
        parts += own
    return _packed(index, parts) if index else b""


def unpack(packed: bytes) -> list[Outgoing]:
    """The messages that were packed."""
    if not packed:
        return []
    cut = _Cut(packed)
    return [_outgoing(cut, *described) for described in cut.index]


def _outgoing(
    cut: _Cut, topic: str, partition: int, names: Sequence[str], lengths: Sequence[Length]
) -> Outgoing:
    key, value = cut.part(lengths[0]), cut.part(lengths[1])
    return Outgoing(topic, partition, Message(key, value, cut.headers(names, lengths[2:])))


def _lengths(parts: Sequence[Part]) -> list[Length]:
    return [None if part is None else len(part) for part in parts]


def _packed(index: object, parts: Iterable[Part]) -> bytes:
    return b"%b\n%b" % (orjson.dumps(index), b"".join(filter(None, parts)))
