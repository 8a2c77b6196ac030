"""The wire, written and read as it is."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from itertools import groupby
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]

from services.runtime.fold.intake import Batch
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.publish import Publisher
from services.runtime.outbox.frames import Outgoing

PATIENCE_SECONDS = 60.0


async def write(bootstrap: str, messages: Iterable[Outgoing]) -> None:
    """Publish, each partition's in order."""
    publisher = Publisher(Brokers(bootstrap), "test")
    await publisher.start()
    try:
        await publisher.publish(messages)
    finally:
        await publisher.stop()


async def read(bootstrap: str, topic: str, partitions: int) -> list[Any]:
    """Every record of the topic at this moment, each partition's in order."""
    tps = [TopicPartition(topic, partition) for partition in range(partitions)]
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(tps)
        await consumer.seek_to_beginning(*tps)
        ends = await consumer.end_offsets(tps)
        records: list[Any] = []
        while any([await consumer.position(tp) < ends[tp] for tp in tps]):
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                records += batch
        return sorted(records, key=lambda record: (record.partition, record.offset))
    finally:
        await consumer.stop()


async def batches(bootstrap: str, topic: str, partitions: int = 1) -> dict[int, Batch]:
    """The whole topic, a batch a partition."""
    records = await read(bootstrap, topic, partitions)
    return {
        partition: Batch(partition, 0, list(group))
        for partition, group in groupby(records, key=lambda record: record.partition)
    }


def part(batch: Batch, start: int, end: int) -> Batch:
    """A batch's records from one offset up to before another."""
    records = [record for record in batch.records if start <= record.offset < end]
    return Batch(batch.partition, start, records)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Return once it is; TimeoutError if it never is."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await true():  # noqa: ASYNC110  the effect is another process's
            await asyncio.sleep(0.05)
