"""A Faust transport that hands over whole batches, and starts where PostgreSQL says.

Faust brings group membership, assignment and fetching. Progress is not its business here: a batch
is one message, and what the group commits is only what lag monitors see.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any

import faust
import uvloop
from aiokafka.consumer import consumer, fetcher  # type: ignore[import-untyped]
from faust.serializers.schemas import Schema
from faust.transport import drivers
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage, Message

from services.runtime.fold.gathering import GatheringFetcher
from services.runtime.fold.intake import Batch
from services.runtime.kafka.header_names import Fetched

Starts = Callable[["Consumer"], Awaitable[Mapping[TP, int]]]


class App(faust.App):
    """A Faust app whose consumer asks `starts` where to begin, at every assignment.

    `progress` is each partition's next offset, as committed in PostgreSQL. `failed` is told what
    Faust would log and go on after. `gather` is how long a fetch waits for more, in seconds.
    """

    gather: float
    starts: Starts
    progress: dict[TP, int]
    failed: Callable[[BaseException], None]

    def _create_directories(self) -> None:
        """There are no tables: nothing is to lie in the working directory."""


class AnyOffset(dict[TP, int | None]):
    """Faust passes over records below the last one it read; here the position decides that."""

    def __getitem__(self, tp: TP) -> int | None:
        return None


class Consumer(driver.Consumer):
    """Fetches batches. What was fetched across a seek is fetched again."""

    app: App

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_offset = AnyOffset()
        self._next: dict[TP, int] = {}
        self._reached: Mapping[TP, int] = {}
        self._seeks = 0

    async def _getmany(self, *args: Any, **kwargs: Any) -> Any:
        seeks = self._seeks
        records = await super()._getmany(*args, **kwargs)
        if seeks != self._seeks:
            await self._seek_all({tp: self._next[tp] for tp in records if tp in self._next})
            return {}
        self._reached = self._fetcher.reached()
        return {
            tp: [self._batch(tp, batch)]
            for tp, batch in records.items()
            if batch and tp in self._next
        }

    def _new_consumer_thread(self) -> driver.AIOKafkaConsumerThread:
        loop = uvloop.new_event_loop()  # Faust's own would cost twice as much
        return driver.AIOKafkaConsumerThread(
            self, loop=self.loop, thread_loop=loop, beacon=self.beacon
        )

    @property
    def _fetcher(self) -> GatheringFetcher:
        fetcher: GatheringFetcher = self._thread._ensure_consumer()._fetcher
        return fetcher

    def _batch(self, tp: TP, records: list[Any]) -> Batch:
        start, self._next[tp] = self._next[tp], records[-1].offset + 1
        return Batch(tp.partition, start, records)

    def _to_message(self, tp: TP, record: Any) -> ConsumerMessage:
        last = record.records[-1]
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            last.offset,
            last.timestamp / 1000,
            last.timestamp_type,
            [],
            None,
            record,
            None,
            tp=tp,
            generation_id=self.app.consumer_generation_id,
        )

    async def perform_seek(self) -> None:
        """Start every partition where PostgreSQL says, whatever the group has committed."""
        self._seeks += 1
        self._fetcher.gather_ms = int(self.app.gather * 1000)
        try:
            starts = await self.app.starts(self)
        except Exception as error:
            self.app.failed(error)
            raise
        self._next, self._reached = dict(starts), {}
        await self._seek_all(starts)
        self._seeks += 1

    async def _seek_all(self, starts: Mapping[TP, int]) -> None:
        for tp in self.assignment() & starts.keys():
            await self._seek(tp, starts[tp])

    def answered(self) -> int | None:
        """When Kafka last answered a fetch, by its client's clock; None while nothing is asked."""
        fetching = self._thread._ensure_consumer()
        polls = [fetching.last_poll_timestamp(tp) for tp in self.assignment()]
        return max((at for at in polls if at is not None), default=None)

    def done(self, tp: TP) -> int:
        """The offset up to which nothing is left to do: the position, or what lies beyond it
        without a record for us."""
        position = self.app.progress[tp]
        all_taken = position >= self._next.get(tp, position + 1)
        return max(position, self._reached.get(tp, 0)) if all_taken else position

    def ack(self, message: Message) -> bool:
        """A batch left Faust's hands; when it is done, `progress` knows."""
        message.acked = True
        self._unacked_messages.discard(message)
        return True

    def _filter_tps_with_pending_acks(self, *_: Any) -> Iterator[TP]:
        return iter(list(self.app.progress))

    def _filter_committable_offsets(self, tps: Iterable[TP]) -> dict[TP, int]:
        assigned = self.assignment()
        offsets = {tp: self.done(tp) for tp in tps if tp in assigned}
        return {tp: offset for tp, offset in offsets.items() if self._should_commit(tp, offset)}

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust would guess at stuck streams from records; lag and readiness tell of batches."""


class Transport(driver.Transport):
    """Kafka, by batches."""

    Consumer = Consumer


class AsItCame(Schema[None, Batch]):
    """Hands a batch on, undecoded: one bad record goes to quarantine, and the rest go on."""

    def loads_key(self, *_: Any, **__: Any) -> None:
        """A batch has no key."""

    def loads_value(self, app: Any, message: Any, **_: Any) -> Any:  # noqa: ARG002
        """The batch itself."""
        return message.value


drivers.TRANSPORTS.aliases["batch"] = f"{__name__}:Transport"
fetcher.MemoryRecords = Fetched  # aiokafka names both classes itself, and takes no other
consumer.Fetcher = GatheringFetcher
