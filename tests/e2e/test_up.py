"""`touchline up` and `touchline down`: the whole system, left running and taken away again."""

import os
import re
import signal

import psutil
import pytest

from deploy.local import leftovers
from tests.command_home import CommandHome, eventually

pytestmark = pytest.mark.timeout(480)  # they start everything, some of them twice

MAIL = {
    "TOUCHLINE_MAIL_FROM": "Sales <sales@example.com>",
    "TOUCHLINE_UNSUBSCRIBE_URL": "https://mail.example.com",
    "TOUCHLINE_SMTP_HOST": "127.0.0.1",
}


def test_it_is_left_running_with_a_sender_until_it_is_taken_down(home: CommandHome) -> None:
    code, told = home.run("up", environment=MAIL)
    again = home.run("up", environment=MAIL)

    assert code == 0, told
    assert re.search(r"^sender +http://", told, re.MULTILINE)
    assert told.endswith(again[1])  # the second one starts nothing, and tells the same

    supervisor(home).kill()  # as the kernel does when memory is short
    assert home.run("down") == (0, "")
    assert not home.processes()


def test_a_start_after_a_killed_supervisor_takes_over_what_it_left(home: CommandHome) -> None:
    home.run("up")
    supervisor(home).kill()
    left = services(home)

    code, told = home.run("up")

    assert code == 0, told
    assert len(left) == len(services(home)) == 4
    assert not left & services(home)
    assert home.run("down") == (0, "")
    assert not home.processes()


def test_a_database_that_dies_ends_it_and_the_log_says_why(home: CommandHome) -> None:
    home.run("up")
    folder = home.folder / ".touchline"

    os.kill(int((folder / "postgres/pid").read_text()), signal.SIGQUIT)

    assert eventually(lambda: not home.processes())
    last = (folder / "deployment.log").read_text()
    assert "touchline: postgres ended by itself. The end of" in last


def test_wrong_mail_settings_are_refused_with_the_senders_words(home: CommandHome) -> None:
    code, told = home.run("up", environment={"TOUCHLINE_SMTP_HSOT": "mail.example.com"})

    assert code == 1
    assert "touchline: it did not start" in told
    assert "The sender service ended by itself" in told
    assert "TOUCHLINE_SMTP_HSOT" in told
    assert not home.processes()


def test_a_stale_file_makes_nobody_a_supervisor(home: CommandHome) -> None:
    state = home.folder / ".touchline/deployment.json"
    state.write_text(
        f'{{"pid": {os.getpid()}, "started": 0}}'
    )  # as after a reboot, when ids are given anew

    assert home.run("down") == (0, "")  # and this process is still here to see it
    state.unlink()


def supervisor(home: CommandHome) -> psutil.Process:
    [found] = [one for one in home.processes() if "deploy.local.supervise" in one.cmdline()]
    return found


def services(home: CommandHome) -> set[int]:
    return {one.pid for one in leftovers.services(home.folder / ".touchline/services")}
