"""A working folder for `touchline` commands, in which everything that they start is found."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local import leftovers

TOUCHLINE = Path(sys.executable).with_name("touchline")
SERVERS = ("KAFKA_BOOTSTRAP", "DATABASE_URL")


@dataclass(frozen=True)
class CommandHome:
    """Commands run with `folder` as their working folder, and so do the processes they start."""

    folder: Path

    def start(
        self, *words: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """The command, with stdout and stderr in one pipe."""
        kept = {name: value for name, value in os.environ.items() if name not in SERVERS}
        return subprocess.Popen(
            [TOUCHLINE, *words],
            cwd=self.folder,
            env={**kept, "NO_COLOR": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Its exit code, and what it said."""
        process = self.start(*words, environment=environment)
        said = process.communicate()[0]
        return process.returncode, said

    def processes(self) -> list[psutil.Process]:
        """Everything that works in the folder, or on it."""
        return [one for one in psutil.process_iter() if _is_at(one, self.folder)]


def heard(process: subprocess.Popen[str], words: str) -> str:
    """Everything that it said until it said these words, or ended."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if words in line:
            break
    return said


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold; a slow machine is given much time."""
    for _ in range(600):
        if holds():
            return True
        time.sleep(0.1)
    return False


@contextmanager
def command_home(folder: Path, jars: Path) -> Iterator[CommandHome]:
    """An empty one, with the jars; what a failed test left running is ended."""
    state = folder / ".touchline"
    state.mkdir(parents=True)
    jars.mkdir(parents=True, exist_ok=True)
    (state / "jars").symlink_to(jars.resolve())
    home = CommandHome(folder)
    try:
        yield home
    finally:
        leftovers.end(home.processes())
        shutil.rmtree(folder)


def _is_at(process: psutil.Process, folder: Path) -> bool:
    with suppress(psutil.Error):
        here = Path(process.cwd()).is_relative_to(folder)
        gone = process.status() == psutil.STATUS_ZOMBIE
        return not gone and (here or str(folder) in " ".join(process.cmdline()))
    return False
