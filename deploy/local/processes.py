"""Server processes that outlive the command that started them, found again by their pid file."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from deploy.local.ending import undisturbed
from deploy.local.errors import DiskFull, PortTaken, ServerDied, ServerSilent

START_TIMEOUT_S = 100.0
STOP_TIMEOUT_S = 30.0
POLL_S = 0.02
TAIL_LINES = 15

_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
"""Messages are English, and folders may have any name: under C, Java opens none beyond ASCII."""
_IN_BACKGROUND = '"$@" </dev/null >>log 2>&1 & echo $! >pid'  # init reaps it, whoever waits
_IN_FOREGROUND = 'exec "$@" </dev/null >>log 2>&1'


@dataclass(frozen=True, slots=True)
class Account:
    """Another user to run as: PostgreSQL refuses to run as root."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Server:
    """One server; its folder holds `data`, `log` and `pid`, and `program` works on it."""

    name: str
    program: str
    folder: Path
    port: int
    account: Account | None = None

    @property
    def data(self) -> Path:
        """What survives a restart."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Where everything that the process says since its last start goes."""
        return self.folder / "log"

    def tail(self) -> str:
        """The last lines of the log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-TAIL_LINES:])

    def pid(self) -> int | None:
        """The running process's id; None when it is gone, also where the id is another's now."""
        with suppress(OSError, ValueError):
            pid = int((self.folder / "pid").read_text())
            return pid if _works_on(pid, self) else None
        return None

    def died(self) -> bool:
        """Whether it ended without being asked to: `stop` leaves no pid file."""
        return (self.folder / "pid").exists() and self.pid() is None


def spawn(server: Server, command: Sequence[str | Path]) -> None:
    """Start in a session of its own: Ctrl-C at the terminal does not reach it."""
    with undisturbed():
        _shell(server, _IN_BACKGROUND, command)


def prepare(server: Server, command: Sequence[str | Path]) -> None:
    """Run to its end a command that a first start needs; raises as `await_ready` does."""
    if _shell(server, _IN_FOREGROUND, command).returncode:
        raise why_it_died(server)


def _shell(
    server: Server, script: str, command: Sequence[str | Path]
) -> subprocess.CompletedProcess[bytes]:
    account = server.account
    identity: dict[str, Any] = (
        {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    )
    return subprocess.run(  # noqa: S603  the command is built here, from no input
        ["/bin/sh", "-c", script, server.name, *map(str, command)],
        cwd=server.folder,
        env=_ENVIRONMENT,
        start_new_session=True,
        check=False,
        **identity,
    )


def await_ready(server: Server, ready: Callable[[], bool]) -> None:
    """Return once it answers.

    Raises PortTaken, DiskFull or ServerDied as its log tells, ServerSilent if it never does.
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    while not ready():
        if server.pid() is None:
            raise why_it_died(server)
        if time.monotonic() > deadline:
            raise ServerSilent(server.name, START_TIMEOUT_S, server.log, server.tail())
        time.sleep(POLL_S)


def why_it_died(server: Server) -> PortTaken | DiskFull | ServerDied:
    """Read the cause out of the log's tail."""
    tail = server.tail()
    if "Address already in use" in tail:
        return PortTaken(server.name, server.port)
    if "No space left on device" in tail:
        return DiskFull(server.folder)
    return ServerDied(server.name, server.log, tail)


def stop(server: Server, request: signal.Signals) -> None:
    """Ask it to end, wait, and insist if it does not; harmless when it is not running."""
    if pid := server.pid():
        with suppress(psutil.NoSuchProcess):
            _end(psutil.Process(pid), request)
    (server.folder / "pid").unlink(missing_ok=True)


def _end(process: psutil.Process, request: signal.Signals) -> None:
    process.send_signal(request)
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while not _is_gone(process):
        if time.monotonic() > deadline:
            process.kill()
        time.sleep(POLL_S)


def _works_on(pid: int, server: Server) -> bool:
    try:
        process = psutil.Process(pid)
        words = process.cmdline()
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        # it has no words while it becomes the server, and before that those of our shell
        return not words or _serves(words, server) or _becomes(words, server)
    except psutil.NoSuchProcess:
        return False


def find(server: Server) -> int | None:
    """A process that is this server, whoever started it."""
    found = psutil.process_iter(["pid", "cmdline"])
    return next((one.pid for one in found if _serves(one.info["cmdline"] or [], server)), None)


def _serves(words: Sequence[str], server: Server) -> bool:
    """Its program, on its folder: whoever reads its log or looks at its data is a stranger."""
    return Path(next(iter(words), "")).name == server.program and any(
        Path(word).is_relative_to(server.folder) for word in words[1:]
    )


def _becomes(words: Sequence[str], server: Server) -> bool:
    shell = ["/bin/sh", "-c", _IN_BACKGROUND, server.name]
    return list(words[:4]) == shell and _serves(words[4:], server)


def _is_gone(process: psutil.Process) -> bool:
    """A zombie may still have threads that hold its ports and locks."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1
    except psutil.NoSuchProcess:
        return True
