"""Load for benchmarks.ingest: signed webhooks over keep-alive connections, as fast as answered.

Usage: python -m benchmarks.ingest_load URL SECRET WEBHOOKS WARM_UP CONNECTIONS. Prints the
figures of what came after the warm-up, as JSON.
Plain sockets, so that the load takes little of the machine that it shares with what it measures.
"""

import asyncio
import base64
import hmac
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit

import orjson
import uvloop

from benchmarks.report import percentiles
from simulator.people import person
from simulator.senders import as_customer

ACCEPTED = b"HTTP/1.1 202"
END = b"\r\n\r\n"


@dataclass
class Load:
    """What is sent, and what came of it."""

    requests: Iterator[bytes]
    warm_up: int
    seconds: list[float] = field(default_factory=list)
    warm: float = 0.0
    ended: float = 0.0

    def answered(self, seconds: float) -> None:
        """Count an answer."""
        self.seconds.append(seconds)
        self.ended = perf_counter()
        if len(self.seconds) == self.warm_up:
            self.warm = self.ended

    def figures(self) -> dict[str, float]:
        """Webhooks a second, and milliseconds by percentile, after the warm-up."""
        counted = self.seconds[self.warm_up :]
        waits = percentiles([second * 1000 for second in counted])
        per_second = len(counted) / (self.ended - self.warm)
        return {"webhooks/s": per_second, **{f"{name} ms": wait for name, wait in waits.items()}}


class Connection(asyncio.Protocol):
    """Sends the next request when the last is answered, until there is none."""

    def __init__(self, load: Load, done: asyncio.Future[None]) -> None:
        self._load, self._done = load, done
        self._received, self._sent = b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is of no such class
        self._next()

    def data_received(self, data: bytes) -> None:
        """Go on, once the answer is whole."""
        self._received += data
        head, found, body = self._received.partition(END)
        if found and len(body) >= length(head):
            assert head.startswith(ACCEPTED), self._received
            self._load.answered(perf_counter() - self._sent)
            self._received = b""
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """End; a connection that the server closed before the last answer is a failure."""
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _next(self) -> None:
        request = next(self._load.requests, None)
        if request is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._sent = perf_counter()
        self._transport.write(request)


def length(head: bytes) -> int:
    """How many bytes follow an answer's head."""
    _, _, after = head.lower().partition(b"\r\ncontent-length: ")
    return int(after.partition(b"\r\n")[0])


def requests(host: str, secret: bytes, count: int) -> list[bytes]:
    """So many webhooks, each of a person of its own."""
    return [webhook(host, secret, number) for number in range(count)]


def webhook(host: str, secret: bytes, number: int, more: str = "") -> bytes:
    """The `number`-th person's webhook as it goes over the wire; `more` are header lines."""
    body = orjson.dumps(as_customer(person(1, number)))
    signature = base64.b64encode(hmac.digest(secret, body, "sha256")).decode()
    head = (
        f"POST /v1/webhooks/shopify HTTP/1.1\r\nHost: {host}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"X-Shopify-Topic: customers/create\r\nX-Shopify-Webhook-Id: load-{number}\r\n"
        f"X-Shopify-Hmac-Sha256: {signature}\r\n{more}\r\n"
    )
    return head.encode() + body


async def send(url: str, load: Load, connections: int) -> None:
    """Send all of it."""
    address, loop = urlsplit(url), asyncio.get_running_loop()
    done: list[asyncio.Future[None]] = [loop.create_future() for _ in range(connections)]
    for one in done:
        make = partial(Connection, load, one)
        await loop.create_connection(make, str(address.hostname), int(address.port or 80))
    await asyncio.gather(*done)


def main(url: str, secret: str, webhooks: str, warm_up: str, connections: str) -> None:
    """Send, and print what was measured."""
    made = requests(urlsplit(url).netloc, secret.encode(), int(webhooks))
    load = Load(iter(made), int(warm_up))
    uvloop.run(send(url, load, int(connections)))
    print(json.dumps(load.figures()))


if __name__ == "__main__":
    main(*sys.argv[1:])
