"""One batch of one partition: one transaction, then the broker."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from schemas.codec import SEQUENCE, Message, sequence_header
from services.runtime import quarantine
from services.runtime.delivery_errors import WrongOutput
from services.runtime.fold import Fold, Publication
from services.runtime.frames import Outgoing, pack, unpack
from services.runtime.intake import Batch, Intake, take_in
from services.runtime.positions import Position, Positions
from services.runtime.publish import Publisher
from services.runtime.quarantine import Refused


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch: how its records were sorted, and where the partition is now."""

    records: int
    intake: Intake
    position: Position


@dataclass(frozen=True, slots=True)
class Runner:
    """Takes batches for one fold. `token` names this process as a writer of positions."""

    service: str
    fold: Fold
    positions: Positions
    pool: AsyncConnectionPool
    publisher: Publisher
    fuse: quarantine.Fuse
    token: UUID

    async def take(self, batch: Batch) -> Taken:
        """Commit what follows from the batch, then publish it, and return when that is done.

        Raises DeliveryError where something before the batch is missing or the fuse blows;
        whatever is raised, going on with this partition would lose or reorder facts.
        """
        async with self.pool.connection() as conn, conn.pipeline(), conn.transaction():
            taken, outgoing = await self._commit(conn, batch)
        await self.publisher.publish(outgoing)
        return taken

    async def _commit(
        self, conn: AsyncConnection, batch: Batch
    ) -> tuple[Taken, Sequence[Outgoing]]:
        before = await self.positions.lock(conn, batch.partition, self.token)
        if before.pending:
            await self._publish_inherited(before)
        intake = take_in(self.fold.topic, before.next_offset, before.writers, batch)
        outgoing: Sequence[Outgoing] = ()
        after = replace(before, written_by=self.token)
        if intake.stale < len(batch.records):
            outgoing, after = await self._apply(conn, after, batch, intake)
        if after != before:
            await self.positions.save(conn, after)
        return Taken(len(batch.records), intake, after), outgoing

    async def _publish_inherited(self, position: Position) -> None:
        """Publish what another process committed here, before anything that follows it.

        That process may have died in between, or may have lost the partition and be late: after
        the assignment, with a batch that it had queued. Its decisions would be overwritten here,
        or come after ours and be taken for repeats. The lock is held meanwhile.
        """
        await self.publisher.publish(unpack(position.pending))

    async def _apply(
        self, conn: AsyncConnection, position: Position, batch: Batch, intake: Intake
    ) -> tuple[Sequence[Outgoing], Position]:
        outcome = await self.fold.apply(conn, position.partition, intake.arrivals)
        intake.refused += [Refused(r.arrival.record, r.code, r.reason) for r in outcome.refusals]
        good = len(intake.arrivals) - len(outcome.refusals)
        self.fuse.check(self.fold.topic.name, good, intake.refused)
        outgoing = self._numbered(position, outcome.publications)
        outgoing += [
            quarantine.outgoing(refused, self.service, position.now) for refused in intake.refused
        ]
        return outgoing, replace(
            position,
            next_offset=batch.records[-1].offset + 1,
            writers=intake.writers,
            next_sequence=position.next_sequence + len(outcome.publications),
            pending=pack(outgoing),
        )

    def _numbered(self, position: Position, publications: Sequence[Publication]) -> list[Outgoing]:
        output = self.fold.output.name if self.fold.output else None
        for publication in publications:
            if publication.topic.name != output:
                raise WrongOutput(self.fold.topic.name, output, publication.topic.name)
        return [
            Outgoing(output or "", position.partition, _with_sequence(publication.message, number))
            for number, publication in enumerate(publications, position.next_sequence)
        ]


def _with_sequence(message: Message, sequence: int) -> Message:
    headers = (*message.headers, (SEQUENCE, sequence_header(sequence)))
    return Message(message.key, message.value, headers)
