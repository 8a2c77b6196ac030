"""A service as a process on servers of its own, and the decisions that it reads."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from deploy.local.servers import Servers
from schemas.codec import SEQUENCE, Message, encode, sequence_header
from schemas.envelope import Event
from schemas.topics import CADENCE_DECISIONS
from services.runtime.outbox.frames import Outgoing

PATIENCE_SECONDS = 60.0


def numbered(events: Sequence[Event[Any]]) -> list[Outgoing]:
    """The decisions as the cadence publishes them, all on partition 0, from its first on."""
    messages = []
    for sequence, event in enumerate(events, 1):
        message = encode(event)
        headers = (*message.headers, (SEQUENCE, sequence_header(sequence)))
        messages.append(
            Outgoing(CADENCE_DECISIONS.name, 0, Message(message.key, message.value, headers))
        )
    return messages


@contextmanager
def running(module: str, servers: Servers, env: Mapping[str, str]) -> Iterator[httpx.Client]:
    """A client of the service, ready; at the end the service must drain with exit code 0."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            env={
                "TOUCHLINE_KAFKA_BOOTSTRAP": servers.kafka_bootstrap,
                "TOUCHLINE_DATABASE_URL": servers.database_url,
                "TOUCHLINE_HTTP_PORT": "0",
                **env,
            },
            stdout=log,
            stderr=log,
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{_port(log)}", timeout=20) as client:
                _until_ready(client)
                yield client
            process.terminate()
            assert process.wait(PATIENCE_SECONDS) == 0, _said(log)
        finally:
            process.kill()
            process.wait()


def _port(log: Any) -> int:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for line in _said(log).splitlines():
            if '"listening"' in line:
                return int(json.loads(line)["port"])
        time.sleep(0.05)
    raise AssertionError(f"never listened: {_said(log)}")


def _until_ready(client: httpx.Client) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (answer := client.get("/readyz")).status_code != httpx.codes.OK:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)


def _said(log: Any) -> str:
    return Path(f"/proc/self/fd/{log.fileno()}").read_text()
