"""Processes of a deployment, found by what they are: no file that a crash leaves can mislead."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

DRAIN_S = 15.0


def supervisor(command: Sequence[str]) -> psutil.Process | None:
    """The process that was started by this command, whichever Python runs it."""
    return next(
        (one for one in psutil.process_iter() if _words(one)[1:] == list(command[1:])), None
    )


def services(folder: Path) -> list[psutil.Process]:
    """The services that work in this folder, whoever started them."""
    return [one for one in psutil.process_iter() if _is_service(one) and _works_in(one, folder)]


def end(processes: Sequence[psutil.Process], patience_s: float = DRAIN_S) -> None:
    """Lets them end, and kills what has not ended after a while."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, silent = psutil.wait_procs(processes, patience_s)
    for process in silent:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(silent)


def alive(process: psutil.Process) -> bool:
    """Whether it is that very process, and has not ended."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _is_service(process: psutil.Process) -> bool:
    words = _words(process)
    return words[1:2] == ["-m"] and words[2:3] != [] and words[2].startswith("services.")


def _works_in(process: psutil.Process, folder: Path) -> bool:
    with suppress(psutil.Error):
        return process.cwd() == str(folder.resolve())
    return False


def _words(process: psutil.Process) -> list[str]:
    with suppress(psutil.Error):
        return process.cmdline()
    return []
