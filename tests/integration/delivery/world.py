"""One test's own service: schema, topics, and a writer of ticks."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier
from psycopg_pool import AsyncConnectionPool

from schemas.codec import encode
from schemas.envelope import Envelope, Event
from schemas.topics import Topic
from services import runtime
from services.runtime.fold.fuse import Fuse
from services.runtime.fold.intake import Batch
from services.runtime.fold.positions import Positions
from services.runtime.fold.step import Runner
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.publish import Publisher
from services.runtime.outbox.frames import Outgoing
from services.runtime.postgres import postgres
from services.runtime.postgres.migrating import migrate
from tests.integration.delivery import wire
from tests.integration.delivery.checker import Verdict, counts, judge
from tests.integration.delivery.toy import Counting, Ticked

DELIVERY = Path(str(runtime.__file__)).parent / "migrations" / "delivery"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEADS = tuple(UUID(int=1_000_003 * n) for n in range(1, 8))
WRITER = "/test/ticks"


@dataclass(frozen=True)
class World:
    """A toy service on real servers. `ticks` are those written so far, by partition."""

    schema: str
    bootstrap: str
    database_url: str
    topic: Topic
    output: Topic
    random: Random
    ticks: dict[int, list[Event[Ticked]]] = field(default_factory=dict)

    @property
    def brokers(self) -> Brokers:
        """The broker, as our own clients take it."""
        return Brokers(self.bootstrap)

    async def create(self) -> None:
        """Make the schema and its tables."""
        await migrate(self.database_url, self.schema, DELIVERY)
        table = SQL(
            "create table {}.tally"
            " (key uuid primary key, partition integer not null, state bytea not null)"
        )
        async with await AsyncConnection.connect(self.database_url) as conn:
            await conn.execute(table.format(Identifier(self.schema)))

    async def tick(self, number: int, partition: int = 0, note: str = "") -> None:
        """Write so many ticks of leads drawn by the seed, numbered on."""
        await wire.write(self.bootstrap, self.made(number, partition, note))

    def made(self, number: int, partition: int = 0, note: str = "") -> list[Outgoing]:
        """So many ticks, numbered on, for the caller to write."""
        events = self.ticks.setdefault(partition, [])
        fresh = [self._tick(len(events) + n, partition, note) for n in range(1, number + 1)]
        events += fresh
        return [Outgoing(self.topic.name, partition, encode(event)) for event in fresh]

    def _tick(self, sequence: int, partition: int, note: str) -> Event[Ticked]:
        lead = UUID(int=self.random.choice(LEADS).int + partition)
        tick = Ticked(lead_id=lead, occurred_at=AT, recorded_at=AT, note=note)
        id_ = UUID(int=sequence * 1_000 + partition + 1)
        return Event(Envelope(id_, WRITER, sequence), tick)

    async def batch(self, partition: int = 0) -> Batch:
        """All that lies on a partition of the input."""
        return (await wire.batches(self.bootstrap, self.topic.name, self.topic.partitions))[
            partition
        ]

    async def verdict(self) -> Verdict:
        """The output, read by the sequence rule."""
        return judge(await wire.read(self.bootstrap, self.output.name, self.output.partitions))

    async def wrong(self) -> list[str]:
        """How the output differs from what the ticks must lead to; the verdict is printed."""
        verdict = await self.verdict()
        wrong = verdict.wrong(counts(self.schema, self.ticks))
        print(f"{verdict.repeats} repeats, wrong: {wrong}")
        return wrong

    def pool(self, limits: postgres.Limits | None = None) -> AsyncConnectionPool:
        """Connections as a service has them."""
        return postgres.pool(self.database_url, service=self.schema, limits=limits)

    @asynccontextmanager
    async def runner(
        self, token: int, publisher: Publisher | None = None, fuse: Fuse | None = None
    ) -> AsyncIterator[Runner]:
        """A process's runner, without the process. `token` tells one from another."""
        publisher = publisher or Publisher(self.brokers, self.schema)
        await publisher.start()
        fold = Counting(self.schema, self.topic, self.output)
        positions = Positions(self.schema, self.topic.name)
        try:
            async with self.pool() as pool:
                yield Runner(
                    self.schema, fold, positions, pool, publisher, fuse or Fuse(), UUID(int=token)
                )
        finally:
            await publisher.stop()


async def take_all(runner: Runner, batch: Batch, sizes: Sequence[int]) -> None:
    """Take a batch in parts of these sizes, and the rest at once."""
    start = 0
    for size in (*sizes, len(batch.records)):
        await runner.take([wire.part(batch, start, start + size)])
        start += size
