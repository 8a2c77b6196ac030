"""What clients of others may write, and ours have to read: every codec, every name of a header."""

from collections.abc import Sequence
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from schemas.codec import Message
from schemas.topics import Topic
from services.runtime.kafka.header_names import HEADER_NAMES
from services.runtime.outbox.frames import Outgoing
from tests.integration.delivery import wire
from tests.integration.delivery.conftest import MakeWorld
from tests.integration.delivery.test_fold_app import running, told
from tests.integration.delivery.world import World

CODECS = (None, "gzip", "snappy", "lz4", "zstd")


class Latin(str):
    """A header's name as a client writes it that does not know of UTF-8."""

    __slots__ = ()

    def encode(self, *_: Any) -> bytes:
        """One byte a letter."""
        return super().encode("latin-1")


def write(world: World, ticks: Sequence[Outgoing], codec: str | None) -> None:
    """Write as others do, with their choice of compression."""
    producer = KafkaProducer(
        bootstrap_servers=world.bootstrap, compression_type=codec, linger_ms=200
    )
    for tick in ticks:
        key, value, headers = tick.message.key, tick.message.value, list(tick.message.headers)
        producer.send(tick.topic, value, key, headers, tick.partition)
    producer.close()


def read_by_commands(world: World) -> int:
    """How many records the client of our commands reads."""
    consumer = KafkaConsumer(bootstrap_servers=world.bootstrap)
    part = TopicPartition(world.topic.name, 0)
    consumer.assign([part])
    consumer.seek_to_beginning(part)
    [end] = consumer.end_offsets([part]).values()
    read = 0
    while consumer.position(part) < end:
        read += sum(map(len, consumer.poll(timeout_ms=500).values()))
    consumer.close()
    return read


@pytest.mark.parametrize("codec", CODECS)
async def test_every_codec_is_read(make_world: MakeWorld, codec: str | None) -> None:
    world = await make_world(ours=False)
    write(world, world.made(20), codec)
    async with running(world):
        await told(world, 20)

    assert await world.wrong() == []
    assert read_by_commands(world) == 20


@pytest.mark.parametrize(("ours", "codec"), [(True, None), *((False, one) for one in CODECS)])
async def test_a_header_name_that_is_no_utf8_is_kept_and_the_rest_goes_on(
    make_world: MakeWorld, kept: Topic, ours: bool, codec: str | None
) -> None:
    world = await make_world(ours=ours)
    ticks = world.made(20)
    world.ticks[0].pop(7)
    key, value = ticks[7].message.key, ticks[7].message.value
    strange = [(Latin("größe"), b"42"), ("hübsch", b"\xff"), *ticks[7].message.headers]
    ticks[7] = Outgoing(world.topic.name, 0, Message(key, value, strange))
    write(world, ticks, codec)
    async with running(world):
        await told(world, 19)

    [record] = await wire.read(world.bootstrap, kept.name, kept.partitions)
    assert record.headers[:3] == (
        (HEADER_NAMES, "größe".encode("latin-1") + b"\0"),
        (r"gr\xf6\xdfe", b"42"),
        ("hübsch", b"\xff"),
    )
    assert dict(record.headers)["quarantine_code"] == b"header-not-utf8"
    assert (record.key, record.value) == (key, value)
    assert await world.wrong() == []
