"""How many facts a second one cadence worker takes, with the real rules.

Method: the facts of leads that are touched until their cadence is exhausted (those of the decider
benchmark) are written to sales.lead.events.v1 as a relay would, on twelve partitions, each with
the seed's playbook first. Then one cadence process is started. The clock runs from the first
committed batch until the last, by the positions in PostgreSQL; decisions are published and
acknowledged between batches, so they are in the figure. Broker, database and worker share the
machine. CPU time is the worker's, without its start.
"""

import asyncio
import shutil
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil
import psycopg
from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]
from msgspec.structs import replace

from benchmarks import decider
from benchmarks.report import Report
from deploy.local.deployment import serving
from deploy.local.keys import keys
from deploy.local.stack import Stack
from schemas.codec import encode
from schemas.envelope import Event
from schemas.events.fact import Fact
from schemas.topics import LEAD_EVENTS, PARTITIONS, TOPICS
from services.runtime.kafka import topics
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.publish import Publisher
from services.runtime.outbox.frames import Outgoing

FOLDER = Path(".touchline/benchmarks/cadence-worker")
LEADS = 12_000
SOURCE = "/touchline/benchmark"


def main() -> Report:
    """Runs it; about a minute."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    with serving(FOLDER, {}) as servers:
        topics.apply(servers.brokers, TOPICS)
        total = asyncio.run(_write(servers.brokers))
        stack = Stack(FOLDER / "services", servers, keys(FOLDER))
        stack.log("cadence").parent.mkdir(parents=True, exist_ok=True)
        worker = stack.another("cadence")
        try:
            figures = _watch(servers.database_url, psutil.Process(worker.pid), total)
        finally:
            worker.terminate()
            worker.wait()
    return Report("cadence_worker", figures, ">= 12,000 facts/s")


async def _write(brokers: Brokers) -> int:
    publisher = Publisher(brokers, "benchmark")
    await publisher.start()
    try:
        messages = list(_numbered(decider.history(LEADS)))
        await publisher.publish(messages)
    finally:
        await publisher.stop()
    return len(messages)


def _numbered(causes: Iterable[Event[Fact]]) -> Iterator[Outgoing]:
    """On the wire as a relay writes them: every partition counts for itself."""
    last: dict[int, int] = defaultdict(int)
    for cause in causes:
        key = cause.data.key
        everywhere = range(PARTITIONS)
        for partition in everywhere if key is None else [(murmur2(key) & 0x7FFFFFFF) % PARTITIONS]:
            last[partition] += 1
            numbered = replace(cause.envelope, source=SOURCE, sequence=last[partition])
            yield Outgoing(LEAD_EVENTS.name, partition, encode(Event(numbered, cause.data)))


def _watch(database_url: str, worker: psutil.Process, total: int) -> dict[str, float]:
    with psycopg.connect(database_url, autocommit=True) as conn:
        while not (begun := _taken(conn)):
            time.sleep(0.005)
        started, cpu = time.monotonic(), _cpu_seconds(worker)
        while (taken := _taken(conn)) < total:
            time.sleep(0.02)
        seconds = time.monotonic() - started
    return {
        "facts/s": (taken - begun) / seconds,
        "worker CPU us a fact": (_cpu_seconds(worker) - cpu) / (taken - begun) * 1e6,
        "facts": total,
    }


def _taken(conn: psycopg.Connection) -> int:
    try:
        row = conn.execute("select coalesce(sum(next_offset), 0) from cadence.position").fetchone()
    except psycopg.errors.UndefinedTable:
        return 0
    return int(row[0]) if row else 0


def _cpu_seconds(worker: psutil.Process) -> float:
    times = worker.cpu_times()
    return float(times.user + times.system)
