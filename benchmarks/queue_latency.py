"""From webhook to visible in the queue, at 20, 50 and 100 leads a second.

Method: all four services, broker and database run on this machine, the load beside them. Signed
webhooks are sent at fixed moments, whether or not earlier ones were answered. Each carries a
traceparent of its own, which travels through every topic; the clock stops at the timestamp of
lead-ranked of that trace on sales.lead.priority.v1. The prioritizer's relay gives it, in whole
milliseconds, once it has read the committed row, so the figure is an upper bound of when a rep
could be given the lead. The topic is read when all is sent, and the load writes to plain sockets,
so that both take little of the machine that they share with what is measured. Each rate lasts 25
seconds, of which the first five warm up and do not count.
"""

import asyncio
import shutil
import time
from collections.abc import Iterable, Set
from pathlib import Path
from urllib.parse import urlsplit

import uvloop
from kafka import TopicPartition

import playbooks
from benchmarks.ingest_load import ACCEPTED, END, length, webhook
from benchmarks.report import Report, percentiles
from deploy.local.deployment import deployed
from deploy.local.stack import Stack
from schemas import topics
from schemas.attributes import TRACEPARENT
from schemas.envelope import derived_id
from simulator import connect

FOLDER = Path(".touchline/benchmarks/queue-latency")
RATES = (20, 50, 100)
WARM_UP_S = 5
COUNTED_S = 20
CONNECTIONS = 32
MS = 1000
PATIENCE_S = 30

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def main() -> Report:
    """Runs it; about a minute and a half."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    with deployed(FOLDER, {}) as stack:
        stack.publish(playbooks.SEED)
        stack.await_ready()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            figures = {
                f"{name} ms at {rate}/s": wait
                for rate in RATES
                for name, wait in percentiles(runner.run(_waits(stack, rate))).items()
            }
    return Report("queue_latency", figures, "p99 < 100 ms at 100/s")


async def _waits(stack: Stack, rate: int) -> list[float]:
    """Milliseconds from sending to visible, by lead, after the warm-up."""
    sent = await _send_all(stack, rate)
    visible = await asyncio.to_thread(_visible, stack, sent.keys())
    return [visible[trace] - start for trace, start in sent.items()][WARM_UP_S * rate :]


def _visible(stack: Stack, traces: Set[str]) -> dict[str, int]:
    """When each first stood in the queue, in milliseconds since 1970."""
    topic, found = topics.LEAD_PRIORITY, dict[str, int]()
    with connect.consuming(stack.servers.brokers, group_id=None) as consumer:
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        deadline = time.monotonic() + PATIENCE_S
        while traces - found.keys() and time.monotonic() < deadline:
            for batch in connect.polled(consumer).values():
                for record in batch:
                    found.setdefault(_trace(record.headers), record.timestamp)
    return found


def _trace(headers: Iterable[tuple[str, bytes]]) -> str:
    return dict(headers)[TRACEPARENT].decode().split("-")[1]


async def _send_all(stack: Stack, rate: int) -> dict[str, float]:
    """When each webhook was sent, in milliseconds since 1970, by its trace.

    They are made before the first one is sent.
    """
    address = urlsplit(stack.url("ingest"))
    numbers = range(rate * 10_000, rate * (10_000 + WARM_UP_S + COUNTED_S))
    traces = [derived_id("queue-latency", str(number)).hex for number in numbers]
    webhooks = [
        _webhook(address.netloc, stack, number, trace)
        for number, trace in zip(numbers, traces, strict=True)
    ]
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection(address.hostname, address.port))
    sent: dict[str, float] = {}
    started, posts = time.monotonic(), []
    for number, trace in enumerate(traces):
        await asyncio.sleep(max(0.0, started + number / rate - time.monotonic()))
        sent[trace] = time.time() * MS  # noqa: TID251  as brokers tell the time
        posts.append(asyncio.create_task(_post(free, webhooks[number])))
    await asyncio.gather(*posts)
    while not free.empty():
        free.get_nowait()[1].close()
    return sent


def _webhook(host: str, stack: Stack, number: int, trace: str) -> bytes:
    traceparent = f"traceparent: 00-{trace}-{trace[:16]}-01\r\n"
    return webhook(host, stack.keys.shopify.encode(), number, traceparent)


async def _post(free: asyncio.Queue[Connection], request: bytes) -> None:
    reader, writer = connection = await free.get()
    writer.write(request)
    head = await reader.readuntil(END)
    assert head.startswith(ACCEPTED), head
    await reader.readexactly(length(head))
    free.put_nowait(connection)
