"""A service's folds, run by Faust inside the service's own event loop."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from faust.types import TP
from psycopg_pool import AsyncConnectionPool

from services.runtime.fold import faust_app
from services.runtime.fold.fold import Fold
from services.runtime.fold.fuse import Fuse
from services.runtime.fold.intake import Batch
from services.runtime.fold.lanes import WIDTH, Lanes
from services.runtime.fold.positions import Positions
from services.runtime.fold.pulse import Pulse
from services.runtime.fold.starts import begin
from services.runtime.fold.step import Runner
from services.runtime.fold.steps import Steps
from services.runtime.fold.transport import Consumer
from services.runtime.fold.tuning import GATHER_SECONDS, Tuning
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.publish import Publisher
from services.runtime.postgres.session_limits import writer_token

LEAVE_SECONDS = 2.0
START_SECONDS = 10.0
FETCH_SECONDS = 0.005
"""In which Faust hands over all that a fetch brought, partition by partition."""

log = structlog.get_logger()


class FoldApp:
    """Runs a service's folds over the partitions that the consumer group gives to this process.

    `service` names the group, the writer, and the PostgreSQL schema of the positions. The first
    failure ends the app for good: Kafka and PostgreSQL then hold all that a new process needs to
    go on. Made and used inside one event loop.
    """

    name = "folds"

    def __init__(
        self,
        service: str,
        brokers: Brokers,
        pool: AsyncConnectionPool,
        folds: Sequence[Fold],
        tuning: Tuning | None = None,
    ) -> None:
        _check_apart(folds)
        self._service, self._pool, self._folds = service, pool, folds
        self._tuning = tuning or Tuning()
        self._fuse = Fuse(self._tuning.fuse_window, self._tuning.fuse_most)
        self._publisher = Publisher(brokers, f"touchline-{service}")
        progress: dict[TP, int] = {}
        self._pulse = Pulse(self._tuning.session_timeout)
        self.steps = Steps(service, progress, self._pulse)
        """What they have taken, and why they do not go on."""
        turns = asyncio.Semaphore(WIDTH)
        self._lanes = {fold.topic.name: self._lanes_of(fold.topic.name, turns) for fold in folds}
        self._failures: list[BaseException] = []
        self._failed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()  # Faust has started, or has failed to
        self.leaving: asyncio.Future[tuple[None, None]]
        """Made by `drain`; done when the group is left and every thread has ended."""
        self._app = faust_app.build(
            f"touchline-{service}",
            brokers,
            self._tuning.session_timeout,
            self._tuning.heartbeat_interval,
        )
        self._app.starts, self._app.failed, self._app.progress = self._starts, self._fail, progress
        self._app.gather = self._fetches
        self.ready = False
        """Whether this process has taken its place in the group."""

    async def start(self) -> None:
        """Connect and join the group; partitions follow.

        Raises KafkaConnectionError without a broker, LocksHeldTooLong for a pool whose sessions
        keep a frozen process's locks past the session timeout.
        """
        token = await writer_token(self._pool, self._tuning.session_timeout)
        await self._publisher.start()
        for fold in self._folds:
            self.steps.add(self._runner(fold, token))
            faust_app.read(self._app, fold.topic.name, self._hand_over)
        self._running = asyncio.create_task(self._run())

    async def wait_failed(self) -> None:
        """Raise what a fold, the runner or Faust failed with, as soon as it has."""
        await self._failed.wait()
        raise self._failures[0]

    async def drain(self) -> None:
        """Finish the batches under way, take no other, and leave the group.

        It takes five seconds at most. Where the broker is away for longer, leaving goes on by
        itself: left undone, the group would keep giving partitions to nobody.
        """
        await asyncio.gather(*(lanes.drain() for lanes in self._lanes.values()))
        self.leaving = asyncio.gather(self._leave(), self._publisher.stop())
        await asyncio.wait({self.leaving}, timeout=LEAVE_SECONDS)

    @property
    def assigned(self) -> Collection[tuple[str, int]]:
        """The partitions that this process folds, as (topic, number)."""
        if not self.ready:
            return ()
        return self._app.consumer.assignment() & self._app.progress.keys()

    def progress(self) -> Mapping[tuple[str, int], int]:
        """The next offset of every assigned partition, as PostgreSQL holds it."""
        return {tp: self._app.progress[TP(*tp)] for tp in self.assigned}

    def alive(self) -> bool:
        """Look whether the folds go on; to be asked every few seconds."""
        consumer: Any = self._app.consumer  # to Faust's types it is any consumer, not ours
        return self._pulse.heard(consumer.answered() if self.assigned else None)

    def lag(self) -> Mapping[tuple[str, int], int]:
        """How many offsets lie beyond what is done, by assigned partition."""
        consumer: Any = self._app.consumer  # to Faust's types it is any consumer, not ours
        ends = {TP(*tp): consumer.highwater(TP(*tp)) or 0 for tp in self.assigned}
        return {tp: max(0, end - consumer.done(tp)) for tp, end in ends.items()}

    async def _leave(self) -> None:
        if self._running is not None:
            with suppress(TimeoutError):  # a start that is cancelled half-way leaves a thread
                await asyncio.wait_for(self._settled.wait(), START_SECONDS)
            self._running.cancel()
            await asyncio.wait({self._running})
            await self._app.stop()

    async def _run(self) -> None:
        try:
            await faust_app.run(self._app, self._started)
        except Exception as error:
            self._fail(error)
        finally:
            self._settled.set()

    def _started(self) -> None:
        self.ready = True
        self._settled.set()

    def _fail(self, error: BaseException) -> None:
        self._failures.append(error)
        self._failed.set()

    def _lanes_of(self, topic: str, turns: asyncio.Semaphore) -> Lanes:
        gather = max(FETCH_SECONDS, self._gather(topic) - self._fetches)
        return Lanes(partial(self.steps.take, topic), self._fail, turns, gather)

    def _gather(self, topic: str) -> float:
        return self._tuning.gather.get(topic, GATHER_SECONDS)

    @property
    def _fetches(self) -> float:
        """How long a fetch waits for more, in seconds."""
        return min(self._gather(fold.topic.name) for fold in self._folds)

    def _runner(self, fold: Fold, token: UUID) -> Runner:
        positions = Positions(self._service, fold.topic.name)
        return Runner(
            self._service, fold, positions, self._pool, self._publisher, self._fuse, token
        )

    async def _starts(self, consumer: Consumer) -> Mapping[TP, int]:
        ends = await consumer.highwaters(*consumer.assignment())
        starts = await begin(self.steps.runners, self._pool, self._publisher, ends)
        self._app.progress.update(starts)
        log.info("assigned", partitions=len(starts))
        return starts

    async def _hand_over(self, tp: TP, batch: Batch) -> None:
        if self.steps.is_stopped(tp.topic):
            self._app.consumer.pause_partitions([tp])
        else:
            await self._lanes[tp.topic].put(batch)


def _check_apart(folds: Sequence[Fold]) -> None:
    """Two folds on one topic would share a position; on one output, its sequence."""
    topics = [fold.topic.name for fold in folds]
    outputs = [fold.output.name for fold in folds if fold.output]
    if len(set(topics)) < len(topics) or len(set(outputs)) < len(outputs):
        raise ValueError(f"each fold needs a topic and an output of its own: {topics} {outputs}")
