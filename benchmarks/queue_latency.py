"""From webhook to visible in the queue, at 100 leads a second.

Method: all four services, broker and database run on this machine, the load beside them. Signed
webhooks are sent at fixed moments, whether or not earlier ones were answered. Each carries a
traceparent of its own, which travels through every topic; the clock stops when lead-ranked of
that trace is read from sales.lead.priority.v1. The prioritizer publishes it after the row is
committed, so the figure is an upper bound of when a rep could be given the lead. One clock, one
process, and plain sockets, so that the load takes little of the machine that it shares with what
it measures; the first five seconds warm up and do not count.
"""

import asyncio
import shutil
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvloop

from benchmarks.ingest_load import ACCEPTED, END, length, webhook
from benchmarks.report import Report, percentiles
from deploy.local.deployment import deployed
from deploy.local.stack import Stack
from schemas import topics
from schemas.envelope import Event, derived_id
from simulator.watch import Watch

FOLDER = Path(".touchline/benchmarks/queue-latency")
PLAYBOOK = Path("playbooks/seed-9-in-18.yaml")
PER_SECOND = 100
WARM_UP = 5 * PER_SECOND
COUNTED = 40 * PER_SECOND
CONNECTIONS = 32
NANOSECONDS_A_MS = 1e6

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def main() -> Report:
    """Runs it; about a minute."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    with deployed(FOLDER, {}) as stack:
        stack.publish(PLAYBOOK)
        stack.await_ready()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            waits = runner.run(_waits(stack))
    counted = waits[WARM_UP:]
    figures = {f"{name} ms": wait for name, wait in percentiles(counted).items()}
    return Report("queue_latency", figures | {"leads": len(counted)}, "p99 < 100 ms")


async def _waits(stack: Stack) -> list[float]:
    """Milliseconds from sending to visible, by lead, in the order of sending."""
    watch = Watch(stack.servers.kafka_bootstrap, [topics.LEAD_PRIORITY])
    watch.from_now()
    visible: dict[str, int] = {}

    def see(event: Event[Any]) -> None:
        trace = (event.envelope.traceparent or "--").split("-")[1]
        visible.setdefault(trace, time.monotonic_ns())

    thread = threading.Thread(target=watch.tell_until_stopped, args=(see,), daemon=True)
    thread.start()
    sent = await _send_all(stack)
    await asyncio.to_thread(_all_visible, sent, visible)
    watch.stop()
    thread.join()
    watch.close()
    return [(visible[trace] - start) / NANOSECONDS_A_MS for trace, start in sent.items()]


def _all_visible(sent: dict[str, int], visible: dict[str, int]) -> None:
    deadline = time.monotonic() + 30
    while sent.keys() - visible.keys() and time.monotonic() < deadline:
        time.sleep(0.1)


async def _send_all(stack: Stack) -> dict[str, int]:
    """When each webhook was sent, by its trace. They are made before the first one is sent."""
    address = urlsplit(stack.url("ingest"))
    traces = [derived_id("queue-latency", str(n)).hex for n in range(WARM_UP + COUNTED)]
    webhooks = [_webhook(address.netloc, stack, n, trace) for n, trace in enumerate(traces)]
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection(address.hostname, address.port))
    sent: dict[str, int] = {}
    started, posts = time.monotonic(), []
    for number, trace in enumerate(traces):
        await asyncio.sleep(max(0.0, started + number / PER_SECOND - time.monotonic()))
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
