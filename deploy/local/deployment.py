"""A whole local deployment: broker and database, topics, and the four services on them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local import servers
from deploy.local.keys import keys
from deploy.local.progress import Report
from deploy.local.servers import Servers
from deploy.local.stack import Stack
from schemas.topics import TOPICS
from services.runtime import topics

JARS = Path(".touchline/jars")
"""Every deployment of a checkout shares the downloaded jars."""


@contextmanager
def serving(
    folder: Path, env: Mapping[str, str], report: Report | None = None
) -> Iterator[Servers]:
    """Broker and database: those that `env` names, else embedded ones, stopped at the end."""
    external = servers.from_environment(env)
    if external is not None:
        yield external
        return
    try:
        yield servers.up(folder, report, JARS)
    finally:
        servers.down(folder)


@contextmanager
def deployed(
    folder: Path, env: Mapping[str, str], report: Report | None = None
) -> Iterator[Stack]:
    """All of it, alive; ready as soon as a playbook is published. Leaves no process behind."""
    with serving(folder, env, report) as running:
        topics.apply(running.kafka_bootstrap, TOPICS)
        stack = Stack(folder / "services", running, keys(folder))
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()
