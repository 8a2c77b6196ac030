"""All four services on servers of their own, with the seed's playbook in force."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local.keys import keys
from deploy.local.stack import Stack
from schemas.topics import TOPICS
from services.runtime.kafka import topics
from tests.real_servers import OwnServers

PLAYBOOK = Path(__file__).parents[1] / "playbooks/seed-9-in-18.yaml"
QUICK = {"TOUCHLINE_SESSION_TIMEOUT_SECONDS": "6"}
"""The shortest that a broker allows: what a test waits for after a worker was lost."""


@contextmanager
def deployed(own: OwnServers, overrides: Mapping[str, str]) -> Iterator[Stack]:
    """A ready stack; nothing of it runs afterwards."""
    topics.apply(own.servers.brokers, TOPICS)
    stack = Stack(own.folder / "services", own.servers, keys(own.folder), overrides)
    try:
        stack.start()
        stack.publish(PLAYBOOK)
        stack.await_ready()
        yield stack
    finally:
        stack.stop()
