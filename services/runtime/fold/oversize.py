"""What of a message is left out where it is too large to be sent again, and how that is told."""

from collections.abc import Mapping, Sequence
from operator import itemgetter

from schemas.codec import Headers, Message

LARGEST = 900_000
"""In bytes, for key, value and headers: with ours beside them, more than a broker takes."""
LENGTH_BYTES = 5
"""What the length of a name or of a value takes at most."""
OMITTED: Mapping[str, str] = {
    "key": "quarantine_omitted_key_bytes",
    "value": "quarantine_omitted_bytes",
    "headers": "quarantine_omitted_headers_bytes",
}
"""By part of a message, the header that tells how much of it was left out."""


def fitting(message: Message) -> tuple[Message, Headers]:
    """What can be sent of a message, and the notes of what is left out; none where all of it can.

    It is always the largest part that is shortened: key and value go as a whole, since half of
    one could be taken for all of it; of the headers the largest go.
    """
    notes: list[tuple[str, bytes]] = []
    sizes = _sizes(message)
    while (excess := sum(sizes.values()) - LARGEST) > 0:
        part, size = max(sizes.items(), key=itemgetter(1))
        message = _less(message, part, excess)
        sizes = _sizes(message)
        notes.append((OMITTED[part], b"%d" % (size - sizes[part])))
    return message, notes


def _sizes(message: Message) -> Mapping[str, int]:
    return {
        "key": len(message.key or b""),
        "value": len(message.value or b""),
        "headers": sum(map(_size, message.headers)),
    }


def _size(header: tuple[str, bytes | None]) -> int:
    name, value = header
    return len(name.encode()) + len(value or b"") + 2 * LENGTH_BYTES


def _less(message: Message, part: str, excess: int) -> Message:
    match part:
        case "key":
            return Message(None, message.value, message.headers)
        case "value":
            return Message(message.key, None, message.headers)
        case _:
            return Message(message.key, message.value, _without(message.headers, excess))


def _without(headers: Headers, excess: int) -> Sequence[tuple[str, bytes]]:
    """The headers without the largest ones, as many as make up for `excess` bytes."""
    kept = dict(enumerate(headers))
    for place in sorted(kept, key=lambda place: _size(headers[place]), reverse=True):
        if excess <= 0:
            break
        excess -= _size(kept.pop(place))
    return tuple(kept.values())
