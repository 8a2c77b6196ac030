"""Processes are known by what they work on, and their ends are explained."""

import os
import signal
from pathlib import Path

import pytest

from deploy.local.errors import DiskFull, PortTaken, ServerDied
from deploy.local.processes import Server, await_ready, prepare, spawn, stop


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server("sleeper", "sh", tmp_path, port=4711)


def sleep(server: Server) -> None:
    spawn(server, ["/bin/sh", "-c", "sleep 60 & wait", server.data])
    await_ready(server, lambda: server.pid() is not None)


def test_a_server_outlives_its_starter_and_is_stopped_by_its_pid(server: Server) -> None:
    sleep(server)
    pid = server.pid()
    assert pid
    assert os.getsid(pid) != os.getsid(0)

    stop(server, signal.SIGKILL)

    assert server.pid() is None


def test_stopping_what_does_not_run_is_harmless(server: Server) -> None:
    stop(server, signal.SIGTERM)


def test_a_reused_process_id_is_not_taken_for_the_server(server: Server) -> None:
    (server.folder / "pid").write_text(str(os.getpid()))

    assert server.pid() is None


def test_a_torn_pid_file_is_no_server(server: Server) -> None:
    (server.folder / "pid").write_text("")

    assert server.pid() is None


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("bind: Address already in use", PortTaken),
        ("write: No space left on device", DiskFull),
        ("a riddle", ServerDied),
    ],
)
def test_the_log_says_why_a_server_died(
    server: Server, words: str, error: type[Exception]
) -> None:
    spawn(server, ["/bin/sh", "-c", f"echo {words}; exit 1", server.data])

    with pytest.raises(error):
        await_ready(server, lambda: False)


def test_a_death_without_a_known_cause_shows_the_end_of_the_log(server: Server) -> None:
    script = "for n in $(seq 100); do echo line-$n; done; exit 1"

    with pytest.raises(ServerDied, match="line-100") as raised:
        prepare(server, ["/bin/sh", "-c", script])

    assert "line-10\n" not in str(raised.value)
