"""The set-up refuses what it cannot use, in one clear line."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


STUMBLING = """#!/bin/sh
# A Python and a uv whose first download of each kind breaks off.
case "$*" in
    -c*) exit 0 ;;
    "-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python; cp "$0" .venv/bin/uv; exit ;;
esac
kind=${0##*/}
[ "$kind" = uv ] || kind=pip
echo "$kind $*" >>tries
[ "$(grep -c "^$kind " tries)" -gt 1 ]
"""


@pytest.fixture
def old_python(tmp_path: Path) -> Path:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
    old.chmod(0o755)
    return old


def install(python: str | Path, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "deploy" / "local" / "install.sh", python],
        env={"PATH": f"{path}:/usr/bin:/bin"},
        cwd=path,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_named_python_that_is_too_old_is_refused(old_python: Path) -> None:
    refused = install(old_python, old_python.parent)

    assert refused.returncode == 1
    assert f"needs Python 3.11 or newer; {old_python} is Python 3.9.2" in refused.stderr


def test_a_machine_without_a_new_python_is_told_how_to_name_one(old_python: Path) -> None:
    refused = install("", old_python.parent)

    assert refused.returncode == 1
    assert "found Python 3.9.2" in refused.stderr
    assert "make setup PYTHON=" in refused.stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="`script` has other options there")
@pytest.mark.parametrize("terminal", [False, True])
def test_without_a_network_it_says_what_to_do_and_a_terminal_sees_it_try(
    tmp_path: Path, terminal: bool
) -> None:
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    command = [str(ROOT / "deploy/local/install.sh"), sys.executable]
    nobody_listens = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}

    failed = subprocess.run(
        ["script", "-qec", shlex.join(command), "/dev/null"] if terminal else command,
        env={"PATH": "/usr/bin:/bin", **nobody_listens},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

    assert failed.returncode == 1
    assert failed.stdout.endswith(
        "needs a network or a pip mirror (PIP_INDEX_URL); then run make setup again.\n"
    )
    assert ("Looking in indexes" in failed.stdout) == terminal


def test_an_installation_whose_download_broke_off_is_tried_once_more(tmp_path: Path) -> None:
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    python = tmp_path / "python3"
    python.write_text(STUMBLING)
    python.chmod(0o755)

    installed = install(python, tmp_path)

    assert (installed.returncode, installed.stderr) == (0, "Installing into .venv, once\n")
    tries = (tmp_path / "tries").read_text().splitlines()
    assert [line.split()[0] for line in tries] == ["pip", "pip", "uv", "uv", "pip"]
    assert tries[0] == tries[1]
    assert tries[2] == tries[3]


def test_locks_hold_no_address() -> None:
    for lock in ("requirements.lock", "deploy/local/jars.lock"):
        assert "://" not in (ROOT / lock).read_text()


@pytest.mark.parametrize("python", ["", "named"])
def test_nothing_is_left_where_the_set_up_refused(old_python: Path, python: str) -> None:
    install(old_python if python else "", old_python.parent)

    assert not (old_python.parent / ".venv").exists()
