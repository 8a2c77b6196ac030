"""One step of a fold: batches of some partitions, one transaction, then the broker."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from schemas.codec import SEQUENCE, Message, sequence_header
from services.runtime.fold import quarantine
from services.runtime.fold.fold import Fold, Publication
from services.runtime.fold.fuse import WINDOW, Fuse, outcomes
from services.runtime.fold.intake import Batch, Intake, take_in
from services.runtime.fold.positions import Position, Positions
from services.runtime.fold.quarantine import Refused
from services.runtime.kafka.publish import Publisher
from services.runtime.outbox.frames import Outgoing, pack, unpack
from services.runtime.postgres.connections import Pipelined


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch: how its records were sorted, and where the partition is now."""

    records: int
    intake: Intake
    position: Position


@dataclass(frozen=True, slots=True)
class _Opened:
    """A batch, sorted, and the position at which it was found."""

    batch: Batch
    before: Position
    intake: Intake

    @property
    def is_stale(self) -> bool:
        """Every record was taken before."""
        return self.intake.stale == len(self.batch.records)


@dataclass(frozen=True, slots=True)
class Runner:
    """Takes batches for one fold. `token` names this process as a writer of positions."""

    service: str
    fold: Fold
    positions: Positions
    pool: AsyncConnectionPool
    publisher: Publisher
    fuse: Fuse
    token: UUID

    async def take(self, batches: Sequence[Batch]) -> Sequence[Taken]:
        """Commit what follows from the batches, then publish it, and return when that is done.

        Each is of another partition. Raises DeliveryError where something before a batch is
        missing or the fuse blows; whatever is raised, going on with these partitions would lose
        or reorder facts.
        """
        async with Pipelined(self.pool).connection() as conn:
            taken, outgoing = await self._commit(conn, batches)
        await self.publisher.publish(outgoing)
        return taken

    async def _commit(
        self, conn: AsyncConnection, batches: Sequence[Batch]
    ) -> tuple[Sequence[Taken], Sequence[Outgoing]]:
        found = await self.positions.lock(conn, [one.partition for one in batches], self.token)
        await self._publish_inherited(found.values())
        opened = [self._opened(batch, found[batch.partition]) for batch in batches]
        published = await self._apply(conn, [one for one in opened if not one.is_stale])
        taken: list[Taken] = []
        moved: list[Position] = []
        outgoing: list[Outgoing] = []
        for one in opened:
            messages = self._outgoing(one, published[one.batch.partition])
            after = self._after(one, len(published[one.batch.partition]), messages)
            if after != one.before:
                moved.append(after)
            taken.append(Taken(len(one.batch.records), one.intake, after))
            outgoing += messages
        await self.positions.save(conn, moved)
        return taken, outgoing

    async def _publish_inherited(self, found: Iterable[Position]) -> None:
        """Publish what another process committed here, before anything that follows it.

        That process may have died in between, or may have lost the partition and be late: after
        the assignment, with a batch that it had queued. Its decisions would be overwritten here,
        or come after ours and be taken for repeats. The locks are held meanwhile.
        """
        inherited = [message for position in found for message in unpack(position.pending)]
        if inherited:
            await self.publisher.publish(inherited)

    def _opened(self, batch: Batch, before: Position) -> _Opened:
        intake = take_in(self.fold.topic, before.next_offset, before.writers, batch)
        return _Opened(batch, before, intake)

    async def _apply(
        self, conn: AsyncConnection, fresh: Sequence[_Opened]
    ) -> Mapping[int, Sequence[Publication]]:
        """The fold's publications, by partition; its refusals join those of the intakes."""
        published: defaultdict[int, list[Publication]] = defaultdict(list)
        if fresh:
            arrivals = [arrival for one in fresh for arrival in one.intake.arrivals]
            outcome = await self.fold.apply(conn, arrivals)
            for publication in outcome.publications:
                published[publication.partition].append(publication)
            intakes = {one.batch.partition: one.intake for one in fresh}
            for refusal in outcome.refusals:
                why = Refused(refusal.arrival.record, refusal.code, refusal.reason)
                intakes[refusal.arrival.partition].refused.append(why)
            refused = [why for one in fresh for why in one.intake.refused]
            new = [outcomes(one.intake) for one in fresh]
            self.fuse.check(self.fold.topic.name, new, refused)
        return published

    def _outgoing(self, one: _Opened, publications: Sequence[Publication]) -> Sequence[Outgoing]:
        """What is to be published after the commit, in this order: decisions are numbered on."""
        first = one.before.next_sequence
        decisions = [
            Outgoing(self._output, one.batch.partition, _numbered(publication.message, number))
            for number, publication in enumerate(publications, first)
        ]
        service, now = self.service, one.before.now
        kept = [quarantine.outgoing(refused, service, now) for refused in one.intake.refused]
        return decisions + kept

    @property
    def _output(self) -> str:
        if self.fold.output is None:
            raise TypeError(f"the fold on {self.fold.topic.name} has no output, yet it publishes")
        return self.fold.output.name

    def _after(self, one: _Opened, decisions: int, outgoing: Sequence[Outgoing]) -> Position:
        written = replace(one.before, written_by=self.token)
        if one.is_stale:
            return written
        return replace(
            written,
            next_offset=one.batch.records[-1].offset + 1,
            writers=one.intake.writers,
            next_sequence=written.next_sequence + decisions,
            pending=pack(outgoing),
            recent=(written.recent + outcomes(one.intake))[-WINDOW:],
        )


def _numbered(message: Message, sequence: int) -> Message:
    headers = (*message.headers, (SEQUENCE, sequence_header(sequence)))
    return Message(message.key, message.value, headers)
