"""What lies in quarantine, and what of it may be put back: its bytes, to where they came to.

Putting back is recorded in quarantine itself, by a record after the one that was put back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.codec import Headers, Message
from schemas.topics import QUARANTINE, TOPICS
from services.runtime.fold.fold import Record
from services.runtime.fold.oversize import OMITTED
from services.runtime.fold.quarantine import FIRST_FAILED_AT
from services.runtime.outbox.frames import Outgoing

OURS = "quarantine_"
"""What quarantine adds to a record's own headers begins with it."""
REDRIVEN = "quarantine_redriven"
"""In a record of what was put back: where that lies in quarantine."""
_REFUSED_BY = "quarantine_service"

_OPEN = {topic.name for topic in TOPICS if not topic.ours}


@dataclass(frozen=True, slots=True)
class Kept:
    """A record of quarantine, and whether it was put back already."""

    record: Record
    redriven: bool

    @property
    def id(self) -> str:
        """Where it lies in quarantine: PARTITION:OFFSET."""
        return _id(self.record)

    def told(self, name: str) -> str | None:
        """What quarantine says of it under this name, such as `code`."""
        value = dict(self.record.headers).get(OURS + name)
        return None if value is None else value.decode(errors="replace")

    @property
    def obstacle(self) -> str | None:
        """Why it cannot be put back, and what to do instead; None where it can."""
        if self.redriven:
            return "it was put back already; what failed again lies here anew"
        topic = self.told("topic")
        if topic is None:
            return f"it came to {self.told('door')}; have its sender send it again, corrected"
        if any(name in dict(self.record.headers) for name in OMITTED.values()):
            return "a part of it was too large to be kept; copy it from its origin"
        if topic not in _OPEN:
            return f"only our services write {topic}; mend what wrote it"
        return None


def kept(records: Iterable[Record]) -> Sequence[Kept]:
    """What was set aside among all `records` of quarantine, in their order.

    Whatever headers a stranger's record came with, who refused it stands beside them: it is no
    note of ours.
    """
    aside: list[Record] = []
    redriven: set[str] = set()
    for record in records:
        headers = dict(record.headers)
        if _REFUSED_BY in headers:
            aside.append(record)
        elif REDRIVEN in headers:
            redriven.add(headers[REDRIVEN].decode())
    return [Kept(record, _id(record) in redriven) for record in aside]


def original(one: Kept) -> Outgoing:
    """The record as it came, for the partition to which it came.

    It keeps when it failed first. Its ce_id is what it was, so a door that has taken it since
    knows it again. Raises ValueError where there is an obstacle.
    """
    if one.obstacle is not None:
        raise ValueError(f"{one.id}: {one.obstacle}")
    message = Message(one.record.key, one.record.value, _own(one.record))
    return Outgoing(str(one.told("topic")), int(one.told("partition") or 0), message)


def note(one: Kept) -> Outgoing:
    """The record that tells that it was put back; when, is the broker's time of it."""
    message = Message(None, b"", ((REDRIVEN, one.id.encode()),))
    return Outgoing(QUARANTINE.name, one.record.partition, message)


def _own(record: Record) -> Headers:
    added = (name for name, _ in record.headers if name.startswith(OURS))
    ours = set(added) - {FIRST_FAILED_AT}
    return tuple((name, value) for name, value in record.headers if name not in ours)


def _id(record: Record) -> str:
    return f"{record.partition}:{record.offset}"
