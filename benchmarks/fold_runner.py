"""How many events a second one fold worker takes, and what each costs it in CPU time.

Method: 120,000 events with a value of about 430 bytes, of 2,000 leads, are written to a topic of
12 partitions, each with its sequence. Then one worker runs the delivery tests' toy fold through
the real runner: Faust, sequence rule, decoding, states and position in PostgreSQL, one decision an
event, published with acks=all and idempotence. The clock runs from the first committed batch until
every position has reached the end; CPU time is the worker's, all threads. Python's collector is
set as in a service. Broker, database and worker share the machine, so the rate depends on what
else runs there; CPU time does less so. At the end the output must hold one count for each event,
without a gap.
"""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random  # noqa: TID251  a World's, unused here
from uuid import UUID

import uvloop
from kafka import KafkaAdminClient

from benchmarks.report import Report
from deploy.local import servers as local
from deploy.local.servers import Servers
from schemas.codec import encode
from schemas.envelope import Envelope, Event
from services.runtime.fold.fold_app import FoldApp
from services.runtime.outbox.frames import Outgoing
from services.runtime.process.garbage import collect_seldom
from tests.integration.delivery import toy, wire
from tests.integration.delivery.world import World

FOLDER = Path(".touchline/benchmarks/fold-runner")
JARS = Path(".touchline/jars")
EVENTS = 120_000
LEADS = 2_000
PARTITIONS = 12
NOTE = "n" * 290
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def main() -> Report:
    """Runs it; about half a minute."""
    servers = local.up(FOLDER, jar_cache=JARS)
    collect_seldom()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            figures = runner.run(_measure(servers))
    finally:
        local.down(FOLDER)
    return Report("fold_runner", figures, ">= 17,000 events/s on two cores")


async def _measure(servers: Servers) -> dict[str, float]:
    world = _world(servers)
    await world.create()
    await wire.write(world.bootstrap, [_tick(world, number) for number in range(EVENTS)])
    figures = await _fold(world)
    verdict = await world.verdict()
    assert not verdict.gaps
    assert sum(map(len, verdict.taken.values())) == EVENTS
    return figures


def _world(servers: Servers) -> World:
    run = "".join(chr(ord("a") + int(digit)) for digit in str(time.monotonic_ns()))
    names = [f"{part}.{run}" for part in ("ticks", "counts")]
    admin = KafkaAdminClient(bootstrap_servers=servers.kafka_bootstrap)
    admin.create_topics({n: {"num_partitions": PARTITIONS} for n in names}, wait_for_metadata=True)
    admin.close()
    return World(
        f"bench_{run}",
        servers.kafka_bootstrap,
        servers.database_url,
        toy.topic(names[0], toy.Ticked, PARTITIONS),
        toy.topic(names[1], toy.Counted, PARTITIONS),
        Random(0),  # noqa: S311
    )


def _tick(world: World, number: int) -> Outgoing:
    lead = number * 7_919 % LEADS
    partition, sequence = number % PARTITIONS, number // PARTITIONS + 1
    fact = toy.Ticked(
        lead_id=UUID(int=lead * PARTITIONS + partition), occurred_at=AT, recorded_at=AT, note=NOTE
    )
    event = Event(Envelope(UUID(int=number + 1), "/benchmark", sequence), fact)
    return Outgoing(world.topic.name, partition, encode(event))


async def _fold(world: World) -> dict[str, float]:
    fold = toy.Counting(world.schema, world.topic, world.output)
    async with world.pool() as pool:
        app = FoldApp(world.schema, world.brokers, pool, [fold])
        await app.start()
        timing = asyncio.create_task(_timed(app))
        failing = asyncio.create_task(app.wait_failed())
        try:
            await asyncio.wait({timing, failing}, return_when=asyncio.FIRST_COMPLETED)
            if failing.done():
                failing.result()
            return timing.result()
        finally:
            timing.cancel()
            failing.cancel()
            await app.drain()


async def _timed(app: FoldApp) -> dict[str, float]:
    before = await _taken(app, 1)
    wall, cpu = time.perf_counter(), time.process_time()
    events = await _taken(app, EVENTS) - before
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"events/s": events / wall, "CPU us/event": cpu / events * 1e6}


async def _taken(app: FoldApp, enough: int) -> int:
    """Waits until so many events were taken, and tells how many were."""
    while (taken := sum(app.progress().values())) < enough:  # noqa: ASYNC110  no event tells it
        await asyncio.sleep(0.02)
    return taken
