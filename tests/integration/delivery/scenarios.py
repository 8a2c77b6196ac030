"""What happens to processes, told as interleavings of runners on one partition."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from faust.types import TP
from psycopg import AsyncConnection

from services.runtime.fold import starts
from services.runtime.fold.fold import Arrival, Outcome
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.publish import Publisher
from services.runtime.outbox.frames import Outgoing
from tests.integration.delivery import wire
from tests.integration.delivery.toy import Counting
from tests.integration.delivery.world import World, take_all


class Died(Exception):
    """The process is gone."""


class DyingPublisher(Publisher):
    """Its process is killed between commit and broker."""

    async def publish(self, messages: Iterable[Outgoing]) -> None:
        """Be killed."""
        if list(messages):
            raise Died


class HeldPublisher(Publisher):
    """Its process sleeps between commit and broker, until it is released."""

    def __init__(self, brokers: Brokers, client_id: str) -> None:
        super().__init__(brokers, client_id)
        self.reached, self.released = asyncio.Event(), asyncio.Event()

    async def publish(self, messages: Iterable[Outgoing]) -> None:
        """Sleep, then go on as if nothing had been."""
        self.reached.set()
        await self.released.wait()
        await super().publish(messages)


async def killed_between_commit_and_broker(world: World) -> None:
    """The next owner takes the same records and those that follow."""
    await world.tick(30)
    batch = await world.batch()
    async with world.runner(1, DyingPublisher(world.brokers, "dying")) as dying:
        with suppress(Died):
            await dying.take([wire.part(batch, 0, 10)])
    async with world.runner(2) as successor:
        await take_all(successor, batch, [5, 15])


async def killed_with_nothing_to_follow(world: World) -> None:
    """As before, but no record comes after: only the next owner's assignment is left."""
    await world.tick(10)
    batch = await world.batch()
    async with world.runner(1, DyingPublisher(world.brokers, "dying")) as dying:
        with suppress(Died):
            await dying.take([batch])
    topic = world.topic.name
    async with world.runner(2) as next_owner:
        await starts.begin(
            {topic: next_owner}, next_owner.pool, next_owner.publisher, {TP(topic, 0): 10}
        )


async def late_after_losing_the_partition(world: World) -> None:
    """A worker that has lost the partition commits a batch it had queued, and publishes late.

    Its successor had published what was pending at its assignment, which was before that commit.
    """
    await world.tick(30)
    batch = await world.batch()
    late = HeldPublisher(world.brokers, "late")
    async with world.runner(1, late) as stale, world.runner(2) as successor:
        taking = asyncio.create_task(stale.take([wire.part(batch, 0, 10)]))
        await late.reached.wait()
        await successor.take([wire.part(batch, 0, 20)])
        late.released.set()
        await taking
        await successor.take([wire.part(batch, 20, 30)])


class Pausing(Counting):
    """Pauses inside the transaction, once it knows the position."""

    def __init__(self, world: World) -> None:
        super().__init__(world.schema, world.topic, world.output)
        self.reached = asyncio.Event()

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Leave another owner the time to do the same, if it can; then count."""
        self.reached.set()
        await asyncio.sleep(0.3)
        return await super().apply(conn, arrivals)


async def two_owners(world: World) -> None:
    """Two workers that both believe to own the partition take the same batch at once."""
    await world.tick(40)
    batch = await world.batch()
    pausing = Pausing(world)
    async with world.runner(1) as one, world.runner(2) as other:
        await one.take([wire.part(batch, 0, 5)])
        first = asyncio.create_task(replace(one, fold=pausing).take([wire.part(batch, 5, 20)]))
        await pausing.reached.wait()
        await other.take([wire.part(batch, 5, 25)])
        await first
        await other.take([wire.part(batch, 25, 40)])


async def repeats_in_the_input(world: World) -> None:
    """The writer of the input was killed between broker and delete, and published again."""
    ticks = world.made(30)
    await wire.write(world.bootstrap, [*ticks[:20], *ticks[10:]])
    async with world.runner(1) as runner:
        await take_all(runner, await world.batch(), [15])


SCENARIOS = (
    killed_between_commit_and_broker,
    killed_with_nothing_to_follow,
    late_after_losing_the_partition,
    two_owners,
    repeats_in_the_input,
)
