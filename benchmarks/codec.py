"""What one message costs the codec, in microseconds.

Method: one process, one thread, a lead-created of about 600 bytes with every header we write. Each
operation runs in rounds of 2,000 calls; the rounds of all operations alternate, so that a noisy
neighbour slows all of them alike, and the fastest of 50 rounds counts: noise only ever adds.
"parse" and "dump" are pydantic's share of decode and encode, which no codec can go below.

    python -m benchmarks codec
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from timeit import timeit

import schemas
from benchmarks.report import Report
from schemas.codec import Message, decode, encode, origin
from schemas.topics import LEAD_EVENTS

CALLS = 2_000
ROUNDS = 50
EXAMPLE = Path(schemas.__file__).parent / "examples/sales.lead.events.v1/lead-created-full.json"


def operations() -> Mapping[str, Callable[[], object]]:
    """What is measured, by name."""
    structured = Message(
        None, EXAMPLE.read_bytes(), (("content-type", b"application/cloudevents+json"),)
    )
    event = decode(structured, LEAD_EVENTS.messages)
    message, fact = encode(event), event.data
    return {
        "encode us": lambda: encode(event),
        "dump us": lambda: fact.__pydantic_serializer__.to_json(fact),
        "decode us": lambda: decode(message, LEAD_EVENTS.messages),
        "parse us": lambda: type(fact).__pydantic_validator__.validate_json(message.value),
        "origin us": lambda: origin(message),
        "decode structured us": lambda: decode(structured, LEAD_EVENTS.messages),
    }


def measured() -> dict[str, float]:
    """Microseconds a call, by operation."""
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, call in operations().items():
            seconds = timeit(call, number=CALLS) / CALLS
            best[name] = min(seconds * 1e6, best.get(name, float("inf")))
    return best


def main() -> Report:
    """Measures once."""
    return Report("codec", measured(), "decode and encode together < 20 us")
