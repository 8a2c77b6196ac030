"""What a fold is: facts born from facts, decided inside the runner's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from msgspec import Struct
from psycopg import AsyncConnection

from schemas.codec import Message
from schemas.envelope import Event
from schemas.topics import Topic


class Record(Protocol):
    """A record as the Kafka client read it."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


class Arrival(Struct, frozen=True):
    """A record that is new here, and the event that it carries."""

    event: Event[Any]
    record: Record

    @property
    def partition(self) -> int:
        """Where it lay, and where what follows from it belongs."""
        return self.record.partition


class Publication(Struct, frozen=True):
    """A message for the fold's output, without a sequence: the runner gives it one.

    It lands on the partition of its input, as its key does: only there is the sequence gapless.
    """

    partition: int
    message: Message


@dataclass(frozen=True, slots=True)
class Refusal:
    """An arrival that cannot be right: it goes to quarantine. The reason holds no value of it."""

    arrival: Arrival
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step, besides what the fold wrote into its tables."""

    publications: Sequence[Publication] = ()
    refusals: Sequence[Refusal] = ()


class Fold(Protocol):
    """One reading of one topic. Publications go to `output`; where it is None there are none."""

    @property
    def topic(self) -> Topic: ...
    @property
    def output(self) -> Topic | None: ...

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Take the next arrivals of some partitions, each's in order; write what follows.

        Runs inside the runner's transaction, in pipeline mode (no COPY): it never commits and
        never publishes. It keeps nothing between calls, since another process may be next. An
        exception ends the process; on a topic that is not ours, repeats are its own to drop.
        """
        ...
