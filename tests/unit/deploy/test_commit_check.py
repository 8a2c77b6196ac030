"""What no commit may hold."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).parents[3] / ".ci" / "commit_check.py"
KEY = b"-----BEGIN " + b"PRIVATE KEY-----\n"


def check(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, CHECK, path], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("content", "objection"),
    [
        (b"no newline", "one newline"),
        (b"two\n\n", "one newline"),
        (b"space \n", "spaces"),
        (KEY, "private key"),
        (b"x" * 600_000 + b"\n", "larger"),
    ],
)
def test_a_file_is_refused_with_the_reason(tmp_path: Path, content: bytes, objection: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)

    refused = check(file)

    assert refused.returncode == 1
    assert objection in refused.stderr


@pytest.mark.parametrize("content", [b"", b"a line\n", b"\0binary"])
def test_a_sound_file_passes(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)

    assert check(file).returncode == 0
