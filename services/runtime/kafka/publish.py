"""The way to the broker: whole batches, in order, every acknowledgement awaited."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.producer.message_accumulator import BatchBuilder  # type: ignore[import-untyped]

from schemas.codec import Message
from services.runtime.kafka.brokers import Brokers
from services.runtime.outbox.frames import Outgoing

BATCH_BYTES = 262_144
STOP_SECONDS = 3.0


class Publisher:
    """An idempotent producer, acks=all. It waits for a broker that is down, as long as it takes.

    At most one batch a partition is under way: were the next one sent before, and this one then
    failed, readers would take this one's repetition for a repeat and drop it.
    """

    def __init__(self, brokers: Brokers, client_id: str) -> None:
        self._brokers, self._client_id = brokers, client_id
        self._producer: AIOKafkaProducer = None

    async def start(self) -> None:
        """Connect. Raises KafkaConnectionError where no broker answers."""
        self._producer = AIOKafkaProducer(
            client_id=self._client_id,
            acks="all",
            enable_idempotence=True,
            max_batch_size=BATCH_BYTES,
            **self._brokers.options,
        )
        try:
            await self._producer.start()
        except BaseException:
            await self._producer.stop()
            raise

    async def stop(self) -> None:
        """Disconnect; what the broker does not acknowledge within seconds is given up."""
        if self._producer is None:
            return
        await asyncio.wait({asyncio.ensure_future(self._producer.stop())}, timeout=STOP_SECONDS)

    async def publish(self, messages: Iterable[Outgoing]) -> None:
        """Return when the broker has acknowledged every message, each partition's in order.

        Raises KafkaError where the broker refuses one; then the producer must not be used again.
        """
        partitions: dict[tuple[str, int], list[Message]] = defaultdict(list)
        for outgoing in messages:
            partitions[outgoing.topic, outgoing.partition].append(outgoing.message)
        await asyncio.gather(*(self._in_order(*where, m) for where, m in partitions.items()))

    async def _in_order(self, topic: str, partition: int, messages: Sequence[Message]) -> None:
        batch = self._producer.create_batch()
        for message in messages:
            if not _added(batch, message):
                await self._send(batch, topic, partition)
                batch = self._producer.create_batch()
                _added(batch, message)
        await self._send(batch, topic, partition)

    async def _send(self, batch: BatchBuilder, topic: str, partition: int) -> None:
        batch.close()
        await (await self._producer.send_batch(batch, topic, partition=partition))


def _added(batch: BatchBuilder, message: Message) -> bool:
    """False for a full batch. A message larger than a batch is alone in one."""
    key, value, headers = message.key, message.value, list(message.headers)
    return batch.append(timestamp=None, key=key, value=value, headers=headers) is not None
