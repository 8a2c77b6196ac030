"""A publish that fails, while what follows it waits for its turn."""

import asyncio
from collections.abc import Iterable, Sequence

import pytest
from aiokafka.errors import LeaderNotAvailableError  # type: ignore[import-untyped]

from services.runtime.fold import fold_app
from services.runtime.fold.fold_app import FoldApp
from services.runtime.fold.folds import Folds
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.publish import Publisher
from services.runtime.outbox.frames import Outgoing
from tests.integration.delivery.conftest import MakeWorld
from tests.integration.delivery.test_fold_app import LIMITS, TUNING, told
from tests.integration.delivery.toy import Counting


class Leaderless(Publisher):
    """As where partition 0 has no leader for longer than aiokafka waits."""

    def __init__(self, brokers: Brokers, client_id: str) -> None:
        super().__init__(brokers, client_id)
        self.asked, self.given_up = asyncio.Event(), asyncio.Event()

    async def publish(self, messages: Iterable[Outgoing]) -> None:
        """Wait until the test gives up the first decisions; what comes after waits for ever."""
        decisions: Sequence[Outgoing] = list(messages)
        if not decisions:
            return
        if self.asked.is_set():
            await asyncio.Event().wait()
        self.asked.set()
        await self.given_up.wait()
        raise LeaderNotAvailableError


async def test_what_a_failed_publish_left_is_published_before_anything_that_follows(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, leaderless = await make_world(2), list[Leaderless]()

    def publisher(brokers: Brokers, client_id: str) -> Publisher:
        if leaderless:
            return Publisher(brokers, client_id)
        leaderless.append(Leaderless(brokers, client_id))
        return leaderless[0]

    monkeypatch.setattr(fold_app, "Publisher", publisher)
    monkeypatch.setattr(fold_app, "WIDTH", 1)
    await world.tick(10)
    async with world.pool(LIMITS) as pool:
        fold = Counting(world.schema, world.topic, world.output)
        folds = Folds(
            world.schema, lambda: FoldApp(world.schema, world.brokers, pool, [fold], TUNING)
        )
        await folds.start()
        failing = asyncio.create_task(folds.wait_failed())
        await asyncio.wait_for(leaderless[0].asked.wait(), 30)
        for partition in (1, 0):
            await world.tick(10, partition)
        await asyncio.sleep(1)  # until they are fetched
        leaderless[0].given_up.set()
        await told(world, 30)
        failing.cancel()
        await folds.drain()
    assert await world.wrong() == []
