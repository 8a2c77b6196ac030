"""Load for benchmarks.queue: reps who ask for the next lead and end the touch, over and over.

Usage: python -m benchmarks.queue_load URL SECONDS EVERY REP... Each rep, whose key is the rep's
name, begins a touch EVERY seconds, or as soon as the last is ended where that is 0. Prints what
was measured after the first fifth, as JSON. Plain sockets, so that the load takes little of the
machine that it shares with what it measures.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import orjson
import uvloop

from benchmarks.ingest_load import END, length
from benchmarks.report import percentiles

OK = b"HTTP/1.1 200"


@dataclass
class Load:
    """How long it lasts, from when on it counts, and what came of it."""

    begun: float
    seconds: float
    every: float
    waits: list[float] = field(default_factory=list)
    ended: int = 0

    @property
    def counts(self) -> bool:
        """Whether the first fifth is over."""
        return perf_counter() > self.begun + self.seconds / 5

    def figures(self) -> dict[str, float]:
        """Milliseconds of a question, and claims and dispositions a second."""
        told = percentiles([wait * 1000 for wait in self.waits])
        answered = (len(self.waits) + self.ended) / (self.seconds * 4 / 5)
        return {
            **{f"next {share} ms": wait for share, wait in told.items()},
            "claims+dispositions/s": answered,
        }


@dataclass(frozen=True)
class Desk:
    """A rep with a connection."""

    host: str
    rep: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def post(self, path: str, body: bytes = b"") -> dict[str, Any]:
        """The answer, which must be a good one."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nAuthorization: Bearer {self.rep}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        answer = await self.reader.readuntil(END)
        assert answer.startswith(OK), answer
        told: dict[str, Any] = orjson.loads(await self.reader.readexactly(length(answer)))
        return told


async def work(load: Load, desk: Desk, first: float) -> None:
    """One touch after the other, each at its fixed moment if the one before is over."""
    due = load.begun + first
    while (now := perf_counter()) < load.begun + load.seconds:
        await asyncio.sleep(max(0.0, due - now))
        begun = due if load.every else now
        claim = (await desk.post("/v1/queue/next"))["claim"]
        if load.counts:
            load.waits.append(perf_counter() - begun)
        end = {"fence": claim["fence"], "result_code": "no-answer"}
        await desk.post(f"/v1/claims/{claim['id']}/disposition", orjson.dumps(end))
        load.ended += load.counts
        due += load.every


async def run(url: str, load: Load, reps: list[str]) -> None:
    """All reps at once; at fixed moments they begin one after the other."""
    address = urlsplit(url)
    desks = [
        Desk(address.netloc, rep, *await asyncio.open_connection(address.hostname, address.port))
        for rep in reps
    ]
    load.begun = perf_counter()
    firsts = [load.every * n / len(reps) for n in range(len(reps))]
    await asyncio.gather(*(work(load, *one) for one in zip(desks, firsts, strict=True)))
    for desk in desks:
        desk.writer.close()


def main(url: str, seconds: str, every: str, *reps: str) -> None:
    """Work, and print what was measured."""
    load = Load(0.0, float(seconds), float(every))
    uvloop.run(run(url, load, [*reps]))
    print(json.dumps(load.figures()))


if __name__ == "__main__":
    main(*sys.argv[1:])
