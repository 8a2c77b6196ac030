"""`touchline demo`, as somebody who has just cloned it sees it, and as it is ended by others."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.command_home import CommandHome, eventually, heard
from tests.real_servers import OwnServers

pytestmark = pytest.mark.timeout(480)  # they start everything, some of them twice

LEADS = "6"
READY = "leads are coming in"
TOUCH = "→"


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    """A run in the background is started with signals ignored, and would hand that down."""
    ignored = (
        one for one in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(one) is signal.SIG_IGN
    )
    before = {one: signal.signal(one, signal.default_int_handler) for one in ignored}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


def test_it_tells_the_touches_and_the_books_and_ends_what_a_killed_one_left(
    home: CommandHome,
) -> None:
    killed = home.start("demo")
    heard(killed, READY)
    left = {process.pid for process in home.processes()} - {killed.pid}
    killed.kill()
    killed.communicate()

    demo = home.start("demo", "--leads", LEADS)
    beginning = heard(demo, READY)
    rest = demo.communicate()[0]

    assert len(left) >= 6  # a broker, a database and four services
    assert "Starting broker" in beginning
    assert "ana: " in rest or "ben: " in rest or "chiara: " in rest
    assert f"received {LEADS} = " in rest
    assert "0 lost, 0 handed off twice\n  the books balance" in rest
    assert demo.returncode == 0
    assert not home.processes()


def test_a_second_one_is_refused_and_the_first_goes_on_until_ctrl_c(home: CommandHome) -> None:
    first = home.start("demo")
    assert eventually(lambda: len(home.processes()) > 1)

    code, why = home.run("demo")

    assert code == 1
    assert f"is in use by a running demo or deployment (process {first.pid})" in why
    assert READY in heard(first, READY)
    ended_by(signal.SIGINT, first, home)


@pytest.mark.parametrize(
    ("request_", "words"), [(signal.SIGTERM, "Starting broker"), (signal.SIGHUP, READY)]
)
def test_whoever_ends_it_nothing_is_left_running(
    home: CommandHome, request_: signal.Signals, words: str
) -> None:
    demo = home.start("demo")
    heard(demo, words)
    if words != READY:
        assert eventually(lambda: len(home.processes()) > 1)

    ended_by(request_, demo, home)


def ended_by(request: signal.Signals, demo: subprocess.Popen[str], home: CommandHome) -> None:
    demo.send_signal(request)
    demo.send_signal(request)  # as make and `timeout` do
    said = demo.communicate()[0]

    assert demo.returncode == 130
    assert "Traceback" not in said
    assert not home.processes()


def test_a_broker_that_dies_ends_it_and_is_told(home: CommandHome) -> None:
    demo = home.start("demo")
    heard(demo, TOUCH)
    pid = int((home.folder / ".touchline/demo/kafka/pid").read_text())

    os.kill(pid, signal.SIGKILL)
    said = demo.communicate()[0]

    assert demo.returncode == 1
    assert "touchline: kafka ended by itself." in said
    assert not home.processes()


def test_servers_of_ones_own_can_show_it_twice(
    home: CommandHome, own_servers: Callable[[], OwnServers]
) -> None:
    servers = own_servers().servers
    own = {"KAFKA_BOOTSTRAP": servers.kafka_bootstrap, "DATABASE_URL": servers.database_url}

    for _ in range(2):
        code, said = home.run("demo", "--leads", LEADS, environment=own)

        assert (code, "the books balance" in said) == (0, True), said
        assert f"received {LEADS} = " in said
