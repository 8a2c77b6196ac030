"""What cannot be read is kept as it came, and the rest goes on, up to a point."""

from typing import Any

import pytest

from schemas.codec import Message
from schemas.topics import Topic
from services.runtime.fold.delivery_errors import FuseBlown
from services.runtime.fold.fuse import Fuse
from services.runtime.outbox.frames import Outgoing
from tests.integration.delivery import wire
from tests.integration.delivery.world import World

BYTES = b"\xff\x00 not JSON"


def spoilt(tick: Outgoing) -> Outgoing:
    """The tick with a value that nobody can read."""
    message = Message(tick.message.key, BYTES, tick.message.headers)
    return Outgoing(tick.topic, tick.partition, message)


async def read(world: World, kept: Topic) -> list[Any]:
    """What lies in quarantine."""
    return await wire.read(world.bootstrap, kept.name, kept.partitions)


async def test_a_bad_record_is_kept_as_it_came_and_the_rest_goes_on(
    world: World, kept: Topic
) -> None:
    ticks = world.made(20)
    bad = world.ticks[0].pop(7)
    await wire.write(world.bootstrap, [*ticks[:7], spoilt(ticks[7]), *ticks[8:]])
    async with world.runner(1) as runner:
        await runner.take([await world.batch()])

    [record] = await read(world, kept)
    headers = dict(record.headers)
    assert (record.key, record.value) == (ticks[7].message.key, BYTES)
    assert headers["ce_id"] == str(bad.envelope.id).encode()
    assert headers["quarantine_topic"] == world.topic.name.encode()
    assert headers["quarantine_offset"] == b"7"
    assert headers["quarantine_code"] == b"not-utf8"
    assert headers["quarantine_service"] == world.schema.encode()
    assert await world.wrong() == []


async def test_a_record_without_a_writer_is_kept(world: World, kept: Topic) -> None:
    stranger = Outgoing(world.topic.name, 0, Message(None, b"{}", (("x", b"y"),)))
    await wire.write(world.bootstrap, [*world.made(3), stranger, *world.made(3)])
    async with world.runner(1) as runner:
        await runner.take([await world.batch()])

    [record] = await read(world, kept)
    assert (record.value, record.headers[0]) == (b"{}", ("x", b"y"))
    assert dict(record.headers)["quarantine_code"] == b"no-sequence"
    assert await world.wrong() == []


async def test_what_the_fold_refuses_is_kept(world: World, kept: Topic) -> None:
    ticks = world.made(3)
    world.ticks[0].pop(1)
    value = ticks[1].message.value or b""
    negative = Message(
        ticks[1].message.key,
        value.replace(b'"weight":1', b'"weight":-1'),
        ticks[1].message.headers,
    )
    await wire.write(
        world.bootstrap, [ticks[0], Outgoing(world.topic.name, 0, negative), ticks[2]]
    )
    async with world.runner(1) as runner:
        await runner.take([await world.batch()])

    [record] = await read(world, kept)
    assert dict(record.headers)["quarantine_reason"] == b"weight: must not be negative"
    assert await world.wrong() == []


@pytest.mark.parametrize(
    ("stranger", "left", "told"),
    [
        (
            Message(b"k", b"v" * 1_000_000, (("h", b"1"),)),
            Message(b"k", None, (("h", b"1"),)),
            {"quarantine_omitted_bytes": b"1000000"},
        ),
        (
            Message(b"k" * 1_000_000, b"v", (("h", b"1"),)),
            Message(None, b"v", (("h", b"1"),)),
            {"quarantine_omitted_key_bytes": b"1000000"},
        ),
        (
            Message(b"k", b"v", (("h", b"1"), ("large", b"x" * 1_000_000), ("i", b"2"))),
            Message(b"k", b"v", (("h", b"1"), ("i", b"2"))),
            {"quarantine_omitted_headers_bytes": b"1000015"},
        ),
        (
            Message(b"k", b"v" * 500_000, (("h", b"1"), ("n" * 500_000, b"x"))),
            Message(b"k", b"v" * 500_000, (("h", b"1"),)),
            {"quarantine_omitted_headers_bytes": b"500011"},
        ),
        (
            Message(b"k" * 350_000, b"v" * 350_000, (("h", b"1"), ("large", b"x" * 340_000))),
            Message(None, b"v" * 350_000, (("h", b"1"), ("large", b"x" * 340_000))),
            {"quarantine_omitted_key_bytes": b"350000"},
        ),
        (
            Message(b"k" * 940_000, b"v" * 50_000, (("h", b"1"),)),
            Message(None, b"v" * 50_000, (("h", b"1"),)),
            {"quarantine_omitted_key_bytes": b"940000"},
        ),
        (
            Message(b"k" * 300_000, b"v" * 599_000, (("h", b"1"),)),
            Message(b"k" * 300_000, b"v" * 599_000, (("h", b"1"),)),
            {},
        ),
    ],
    ids=["value", "key", "header", "name", "together", "key-and-value", "just-fits"],
)
async def test_what_is_too_large_to_be_sent_again_is_told_of(
    world: World, kept: Topic, stranger: Message, left: Message, told: dict[str, bytes]
) -> None:
    await wire.write(world.bootstrap, [Outgoing(world.topic.name, 0, stranger)])
    async with world.runner(1) as runner:
        await runner.take([await world.batch()])

    [record] = await read(world, kept)
    assert (record.key, record.value) == (left.key, left.value)
    assert record.headers[: len(left.headers)] == left.headers
    notes = {name: value for name, value in record.headers if "_omitted_" in name}
    assert notes == told


async def test_very_many_headers_are_shortened_to_what_fits(world: World, kept: Topic) -> None:
    many = Message(None, b"v", tuple(("h", b"%d" % n) for n in range(90_000)))
    await wire.write(world.bootstrap, [Outgoing(world.topic.name, 0, many)])
    async with world.runner(1) as runner:
        await runner.take([await world.batch()])

    [record] = await read(world, kept)
    assert record.value == b"v"
    assert record.headers[0] == ("h", b"0")
    assert int(dict(record.headers)["quarantine_omitted_headers_bytes"]) > 0


async def test_the_fuse_stops_the_fold_before_the_batch_is_committed(
    world: World, kept: Topic
) -> None:
    ticks = world.made(20)
    await wire.write(world.bootstrap, [*ticks[:8], *map(spoilt, ticks[8:])])
    batch = await world.batch()
    async with world.runner(1, fuse=Fuse(window=10, most=0.5)) as runner:
        await runner.take([wire.part(batch, 0, 11)])
        with pytest.raises(FuseBlown, match=r"6 of the last 10 .* not-utf8"):
            await runner.take([wire.part(batch, 11, 14)])
        async with runner.pool.connection() as conn:
            position = (await runner.positions.lock(conn, [0], runner.token))[0]

    assert position.next_offset == 11
    assert len(await read(world, kept)) == 3
