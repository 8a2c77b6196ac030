"""What a folder of servers remembers: their ports, and where they answered last."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from deploy.local.disk import told
from deploy.local.errors import DeploymentRuns
from deploy.local.ports import choose

LOCKS = ("lock", "deployment.lock")
"""Files that are not to be removed: somebody may wait for them."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the servers of one folder listen."""

    kafka: int
    controller: int
    postgres: int


@dataclass(frozen=True, slots=True)
class State:
    """The state file's content; addresses and pids are those of the last start that succeeded."""

    ports: Ports
    kafka_bootstrap: str
    database_url: str
    jars: str
    pids: dict[str, int]


def load(folder: Path) -> State | None:
    """What was written last; None if nothing readable was."""
    try:
        raw = json.loads(_path(folder).read_text())
        return State(**raw | {"ports": Ports(**raw["ports"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def save(folder: Path, state: State) -> None:
    """Replace the state file as a whole: a crash leaves the old one or the new one."""
    new = folder / "state.new"
    new.touch(mode=0o600)  # the database's password is in it
    new.write_text(json.dumps(asdict(state), indent=2) + "\n")
    new.replace(_path(folder))


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """One command at a time may start or stop the servers of a folder; others wait."""
    with _opened(folder, LOCKS[0]) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """One deployment at a time has a folder; raises DeploymentRuns if another one has it.

    The kernel lets go of the lock when its holder ends, however it ends.
    """
    with _opened(folder, LOCKS[1]) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DeploymentRuns(folder, lock.read()) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))  # for the message alone
        lock.flush()
        yield


def _opened(folder: Path, name: str) -> TextIO:
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / name).open("a+")
    lock.seek(0)
    return lock


def free_ports(folder: Path) -> Ports:
    """Three free ports, the same as long as nobody else takes them."""
    return Ports(*choose(folder, 3))


def _path(folder: Path) -> Path:
    return folder / "state.json"
