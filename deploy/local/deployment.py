"""A whole local deployment: broker and database, topics, and the services on them."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local import leftovers, servers, state
from deploy.local.disk import told
from deploy.local.keys import keys
from deploy.local.progress import Report
from deploy.local.servers import Servers
from deploy.local.settings import mail
from deploy.local.stack import Stack
from schemas.topics import TOPICS
from services.runtime.kafka import topics

HOME = Path(".touchline")
"""Every deployment of a checkout shares the downloaded jars, and the keys: whatever else is wiped,
servers of the user's own keep what was sealed under them."""
JARS = HOME / "jars"


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
    folder: Path, env: Mapping[str, str], report: Report | None = None, *, sends_mail: bool = False
) -> Iterator[Stack]:
    """All of it, alive; ready as soon as a playbook is published. Leaves no process behind.

    With `sends_mail`, a sender too if `env` has settings for one. Raises a LocalServerError;
    DeploymentRuns before anything is touched.
    """
    with state.occupied(folder), _running(folder, env, report, sends_mail) as stack:
        yield stack


@contextmanager
def deployed_anew(folder: Path, env: Mapping[str, str], report: Report) -> Iterator[Stack]:
    """The same, after whatever the folder held was stopped and wiped."""
    with state.occupied(folder):
        leftovers.end(leftovers.services(folder / "services"))
        servers.down(folder)
        _wipe(folder)
        with _running(folder, env, report, sends_mail=False) as stack:
            yield stack


def refuse_dead(folder: Path, env: Mapping[str, str]) -> None:
    """Raise as its log tells, if an embedded server of this deployment ended by itself."""
    if servers.from_environment(env) is None:
        servers.refuse_dead(folder)


@contextmanager
def _running(
    folder: Path, env: Mapping[str, str], report: Report | None, sends_mail: bool
) -> Iterator[Stack]:
    drawn = keys(HOME)
    with serving(folder, env, report) as running:
        topics.apply(running.brokers, TOPICS)
        letters = mail(env, drawn) if sends_mail else {}
        stack = Stack(folder / "services", running, drawn, mail=letters)
        try:
            stack.start()
            yield stack
        except Exception:
            refuse_dead(folder, env)  # where a server died, that is the cause
            raise
        finally:
            stack.stop()


def _wipe(folder: Path) -> None:
    with told(folder):
        for entry in folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name not in state.LOCKS:
                entry.unlink()
