"""What happens at an assignment: say again what may not have been said, then find the start."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from faust.types import TP
from psycopg_pool import AsyncConnectionPool

from services.runtime.fold.delivery_errors import LogTooShort
from services.runtime.fold.step import Runner
from services.runtime.kafka.publish import Publisher
from services.runtime.outbox.frames import Outgoing, unpack

NEW = (0, b"", b"")
"""The row of a partition that has none yet."""


async def begin(
    runners: Mapping[str, Runner],
    pool: AsyncConnectionPool,
    publisher: Publisher,
    ends: Mapping[TP, int],
) -> dict[TP, int]:
    """Where to start the partitions, whose logs end as given; publishes what was left pending.

    The last owner may have died between its commit and the broker, and no later batch may come.
    Raises LogTooShort where a log ends before its position.
    """
    pending: list[Outgoing] = []
    starts: dict[TP, int] = {}
    async with pool.connection() as conn:
        for topic, partitions in _by_topic(ends).items():
            rows = await runners[topic].positions.load(conn, partitions)
            for partition in partitions:
                offset, packed, _ = rows.get(partition, NEW)
                starts[TP(topic, partition)] = offset
                pending += unpack(packed)
            runners[topic].fuse.remember(topic, [recent for _, _, recent in rows.values()])
    _check_ends(starts, ends)
    await publisher.publish(pending)
    return starts


def _by_topic(tps: Iterable[TP]) -> Mapping[str, Sequence[int]]:
    topics: dict[str, list[int]] = defaultdict(list)
    for topic, partition in tps:
        topics[topic].append(partition)
    return topics


def _check_ends(starts: Mapping[TP, int], ends: Mapping[TP, int]) -> None:
    for tp, end in ends.items():
        if end < starts[TP(*tp)]:
            raise LogTooShort(tp.topic, tp.partition, starts[TP(*tp)], end)
