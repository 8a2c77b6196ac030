"""The bytes that lie in the log, pinned: a changed snapshot is a changed promise.

`python -m tests.contract.snapshots` writes those that are missing, and overwrites none.
"""

import json
from pathlib import Path

from schemas.codec import decode, encode
from schemas.events.fact import Fact
from tests.contract.examples import EXAMPLES, Example

FOLDER = Path(__file__).parent / "snapshots"

PINNED = tuple(
    one
    for one in EXAMPLES
    if issubclass(one.class_, Fact) and one.case.endswith(("-full", "-minimal"))
)


def path(one: Example) -> Path:
    """Where the snapshot of an example is kept."""
    return FOLDER / f"{one.case}.json"


def rendered(one: Example) -> str:
    """What is written to Kafka for the example, header by header, in order."""
    message = encode(decode(one.structured, one.topic.messages))
    parts = {
        "key": message.key.decode() if message.key else None,
        "headers": [f"{name}: {value.decode()}" for name, value in message.headers],
        "value": (message.value or b"").decode(),
    }
    return json.dumps(parts, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for one in PINNED:
        if not path(one).exists():
            path(one).parent.mkdir(exist_ok=True)
            path(one).write_text(rendered(one))
