"""What of a batch is new: the rules by which repeats are dropped and losses are noticed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.codec import Message, Undecodable, decode, origin
from schemas.topics import Topic
from services.runtime.fold.delivery_errors import BatchSkipped, HoleInLog, SequenceGap
from services.runtime.fold.fold import Arrival, Record
from services.runtime.fold.quarantine import Refused
from services.runtime.kafka.header_names import HEADER_NAMES


@dataclass(frozen=True, slots=True)
class Batch:
    """A partition's next records; there is nothing in the log between `start` and the first."""

    partition: int
    start: int
    records: Sequence[Record]

    def adjoins(self, later: "Batch") -> bool:
        """Whether `later` goes on where this one ends."""
        return later.start == self.records[-1].offset + 1

    def with_next(self, later: "Batch") -> "Batch":
        """Both as one; `later` adjoins."""
        return Batch(self.partition, self.start, [*self.records, *later.records])


@dataclass(slots=True)
class Intake:
    """A batch, sorted. `writers` holds each writer's last sequence, this batch included."""

    writers: dict[str, int]
    arrivals: list[Arrival] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    stale: int = 0
    repeats: int = 0


def take_in(topic: Topic, next_offset: int, writers: Mapping[str, int], batch: Batch) -> Intake:
    """Sort the batch into what is new, what cannot be read, and what was taken before.

    Raises BatchSkipped, HoleInLog or SequenceGap where something before it is missing.
    """
    records = [record for record in batch.records if record.offset >= next_offset]
    intake = Intake(dict(writers), stale=len(batch.records) - len(records))
    if records:
        _check_start(topic, next_offset, batch, records)
    for record in records:
        message = Message(record.key, record.value, record.headers)
        if not topic.ours or _is_new(intake, record, message):
            _read(topic, intake, record, message)
    return intake


def _check_start(topic: Topic, next_offset: int, batch: Batch, records: Sequence[Record]) -> None:
    """Foreign logs may have holes: transactional producers leave control records in them."""
    if batch.start > next_offset:
        raise BatchSkipped(topic.name, batch.partition, next_offset, batch.start)
    if topic.ours:
        for expected, record in enumerate(records, next_offset):
            if record.offset != expected:
                raise HoleInLog(topic.name, batch.partition, expected, record.offset)


def _is_new(intake: Intake, record: Record, message: Message) -> bool:
    """The sequence rule: each writer's numbers on a partition are 1, 2, 3, ... or a repeat."""
    written = origin(message)
    if written is None:
        reason = "ce_source and ce_sequence are required: only Touchline's services write here"
        intake.refused.append(Refused(record, "no-sequence", reason))
        return False
    writer, sequence = written
    last = intake.writers.get(writer, 0)
    if sequence <= last:
        intake.repeats += 1
        return False
    if sequence != last + 1:
        where = f"{record.topic}-{record.partition} at offset {record.offset}"
        raise SequenceGap(where, writer, last, sequence)
    intake.writers[writer] = sequence
    return True


def _read(topic: Topic, intake: Intake, record: Record, message: Message) -> None:
    if record.headers and record.headers[0][0] == HEADER_NAMES:
        reason = "a header's name is not UTF-8; name headers in UTF-8"
        intake.refused.append(Refused(record, "header-not-utf8", reason))
        return
    try:
        event = decode(message, topic.messages)
    except Undecodable as error:
        intake.refused.append(Refused(record, error.code, error.reason))
    else:
        intake.arrivals.append(Arrival(event, record))
