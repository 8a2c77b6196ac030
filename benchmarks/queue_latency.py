"""From webhook to visible in the queue, at 100 leads a second.

Method: all four services, broker and database run on this machine, the load beside them. Signed
webhooks are sent at fixed moments, whether or not earlier ones were answered. Each carries a
traceparent of its own, which travels through every topic; the clock stops when lead-ranked of
that trace is read from sales.lead.priority.v1. The prioritizer publishes it after the row is
committed, so the figure is an upper bound of when a rep could be given the lead. One clock, one
process; the first five seconds warm up and do not count.
"""

import asyncio
import base64
import hashlib
import hmac
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import orjson

from benchmarks.report import Report, percentiles
from deploy.local.deployment import deployed
from deploy.local.stack import Stack
from schemas import topics
from schemas.envelope import Event, derived_id
from simulator.people import person
from simulator.senders import as_customer
from simulator.watch import Watch

FOLDER = Path(".touchline/benchmarks/queue-latency")
PLAYBOOK = Path("playbooks/seed-9-in-18.yaml")
PER_SECOND = 100
WARM_UP_S = 5
SECONDS = 40
NANOSECONDS_A_MS = 1e6


def main() -> Report:
    """Runs it; about a minute."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    with deployed(FOLDER, {}) as stack:
        stack.publish(PLAYBOOK)
        stack.await_ready()
        waits = asyncio.run(_waits(stack))
    counted = waits[WARM_UP_S * PER_SECOND :]
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
    sent: dict[str, int] = {}
    limits = httpx.Limits(max_connections=32)
    async with httpx.AsyncClient(base_url=stack.url("ingest"), limits=limits) as http:
        started, posts = time.monotonic(), []
        for number in range((WARM_UP_S + SECONDS) * PER_SECOND):
            await asyncio.sleep(max(0.0, started + number / PER_SECOND - time.monotonic()))
            trace = derived_id("queue-latency", str(number)).hex
            sent[trace] = time.monotonic_ns()
            posts.append(asyncio.create_task(_post(http, stack.keys.shopify, number, trace)))
        for answer in await asyncio.gather(*posts):
            answer.raise_for_status()
    return sent


async def _post(http: httpx.AsyncClient, secret: str, number: int, trace: str) -> httpx.Response:
    body = orjson.dumps(as_customer(person(1, number)))
    signature = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    headers = {
        "X-Shopify-Topic": "customers/create",
        "X-Shopify-Hmac-Sha256": signature,
        "X-Shopify-Webhook-Id": f"latency-{number}",
        "Content-Type": "application/json",
        "traceparent": f"00-{trace}-{trace[:16]}-01",
    }
    return await http.post("/v1/webhooks/shopify", content=body, headers=headers)
