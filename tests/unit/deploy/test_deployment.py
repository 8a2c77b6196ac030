"""What a deployment decides before anything starts."""

import io
import json
import signal
import stat
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

import playbooks
from deploy.local import postgres, state
from deploy.local.errors import DeploymentRuns
from deploy.local.keys import keys
from deploy.local.progress import Lines
from deploy.local.settings import mail

SMTP = {"TOUCHLINE_SMTP_HOST": "smtp.example.com"}


def test_a_folder_is_occupied_once_and_free_again_afterwards(tmp_path: Path) -> None:
    with (
        state.occupied(tmp_path),
        pytest.raises(DeploymentRuns, match="in use by a running demo"),
        state.occupied(tmp_path),
    ):
        pass

    with state.occupied(tmp_path):
        pass


def test_keys_are_kept_and_what_an_older_file_lacks_is_drawn(tmp_path: Path) -> None:
    first = keys(tmp_path)
    file = tmp_path / "keys.json"
    known = asdict(first)
    del known["unsubscribe"]
    file.write_text(json.dumps(known))

    completed = keys(tmp_path)

    assert asdict(completed) | {"unsubscribe": ""} == asdict(first) | {"unsubscribe": ""}
    assert completed.unsubscribe
    assert keys(tmp_path) == completed
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_without_mail_settings_there_is_no_sender(tmp_path: Path) -> None:
    others = {"TOUCHLINE_VAULT_KEY": "x", "TOUCHLINE_HTTP_PORT": "1", "PATH": "/bin"}

    assert mail(others, keys(tmp_path)) == {}


def test_the_sender_is_told_what_was_given_and_what_stands_in_for_the_rest(
    tmp_path: Path,
) -> None:
    drawn = keys(tmp_path)

    assert mail(SMTP, drawn) == {
        **SMTP,
        "TOUCHLINE_TEMPLATES": str(playbooks.TEMPLATES),
        "TOUCHLINE_UNSUBSCRIBE_SECRET": drawn.unsubscribe,
    }


def test_what_is_given_wins_and_paths_hold_in_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"TOUCHLINE_TEMPLATES": "mine", "TOUCHLINE_UNSUBSCRIBE_SECRET_FILE": "secret"}

    assert mail(given, keys(tmp_path)) == {
        "TOUCHLINE_TEMPLATES": str(tmp_path / "mine"),
        "TOUCHLINE_UNSUBSCRIBE_SECRET_FILE": str(tmp_path / "secret"),
    }


def test_a_misspelt_mail_setting_reaches_the_sender_which_refuses_it(tmp_path: Path) -> None:
    assert "TOUCHLINE_SMTP_HSOT" in mail({"TOUCHLINE_SMTP_HSOT": "x"}, keys(tmp_path))


def test_folders_opened_for_nobody_are_told_once(tmp_path: Path) -> None:
    closed, said = tmp_path / "closed", io.StringIO()
    (closed / "postgres").mkdir(parents=True)
    closed.chmod(0o700)

    for _ in range(2):
        postgres._open_to_others(closed / "postgres", Lines(said))

    assert stat.S_IMODE(closed.stat().st_mode) == 0o701
    [line] = said.getvalue().splitlines()
    assert f"{closed}" in line
    assert "chmod o+x" in line


@pytest.mark.parametrize("request_", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_ends_it_and_later_ones_do_not_tear_the_end_off(
    request_: signal.Signals,
) -> None:
    script = f"""
import signal
from deploy.local.ending import end_cleanly
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores them
signal.signal(signal.SIGHUP, signal.SIG_DFL)
end_cleanly()
try:
    signal.raise_signal({int(request_)})
except KeyboardInterrupt:
    signal.raise_signal({int(request_)})
    print("ended cleanly")
"""
    assert _output(script) == "ended cleanly\n"


def test_what_its_starter_ignores_stays_ignored() -> None:
    script = """
import signal
from deploy.local.ending import end_cleanly
signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
end_cleanly()
signal.raise_signal(signal.SIGHUP)
print("goes on")
"""
    assert _output(script) == "goes on\n"


def test_a_signal_cancels_what_a_loop_runs_once_and_lets_it_put_all_away() -> None:
    script = """
import asyncio, signal
from deploy.local.ending import end_cleanly, run
async def work():
    try:
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(60)
    finally:
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.01)
        print("put away")
end_cleanly()
try:
    run(work())
except KeyboardInterrupt:
    print("then ended")
"""
    assert _output(script) == "put away\nthen ended\n"


def test_a_signal_waits_until_a_process_is_started_and_known() -> None:
    script = """
import signal
from deploy.local.ending import end_cleanly, undisturbed
end_cleanly()
try:
    with undisturbed():
        signal.raise_signal(signal.SIGTERM)
        print("started and known")
except KeyboardInterrupt:
    print("then ended")
"""
    assert _output(script) == "started and known\nthen ended\n"


def _output(script: str) -> str:
    run = [sys.executable, "-c", script]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout
