"""From webhook to visible in the queue, at 20, 50 and 100 leads a second.

Method: all four services, broker and database run on this machine, the load beside them. Signed
webhooks are sent at fixed moments, whether or not earlier ones were answered. Each carries a
traceparent of its own, which travels through every topic; the clock stops when lead-ranked of
that trace is read from sales.lead.priority.v1. The prioritizer publishes it after the row is
committed, so the figure is an upper bound of when a rep could be given the lead. One clock, one
process, and plain sockets, so that the load takes little of the machine that it shares with what
it measures. Each rate lasts 25 seconds, of which the first five warm up and do not count.
"""

import asyncio
import shutil
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvloop

import playbooks
from benchmarks.ingest_load import ACCEPTED, END, length, webhook
from benchmarks.report import Report, percentiles
from deploy.local.deployment import deployed
from deploy.local.stack import Stack
from schemas import topics
from schemas.envelope import Event, derived_id
from simulator.watch import Watch

FOLDER = Path(".touchline/benchmarks/queue-latency")
RATES = (20, 50, 100)
WARM_UP_S = 5
COUNTED_S = 20
CONNECTIONS = 32
NANOSECONDS_A_MS = 1e6

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
    watch = Watch(stack.servers.brokers, [topics.LEAD_PRIORITY])
    watch.from_now()
    visible: dict[str, int] = {}

    def see(event: Event[Any]) -> None:
        trace = (event.envelope.traceparent or "--").split("-")[1]
        visible.setdefault(trace, time.monotonic_ns())

    thread = threading.Thread(target=watch.tell_until_stopped, args=(see,), daemon=True)
    thread.start()
    sent = await _send_all(stack, rate)
    await asyncio.to_thread(_all_visible, sent, visible)
    watch.stop()
    thread.join()
    watch.close()
    waits = [(visible[trace] - start) / NANOSECONDS_A_MS for trace, start in sent.items()]
    return waits[WARM_UP_S * rate :]


def _all_visible(sent: dict[str, int], visible: dict[str, int]) -> None:
    deadline = time.monotonic() + 30
    while sent.keys() - visible.keys() and time.monotonic() < deadline:
        time.sleep(0.1)


async def _send_all(stack: Stack, rate: int) -> dict[str, int]:
    """When each webhook was sent, by its trace. They are made before the first one is sent."""
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
    sent: dict[str, int] = {}
    started, posts = time.monotonic(), []
    for number, trace in enumerate(traces):
        await asyncio.sleep(max(0.0, started + number / rate - time.monotonic()))
        sent[trace] = time.monotonic_ns()
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
