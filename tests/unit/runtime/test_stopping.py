"""A process that ends is gone in time, with the code and the last line of why it ends."""

import subprocess
import sys

import pytest

HANGING = """
import threading
from services.runtime.process.exits import Exit, Stopped
from services.runtime.process.stopping import countdown

with countdown(0.1) as begin:
    begin({error})
    threading.Event().wait()
"""


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        ("None", 0, "something did not end within 0.1 seconds and was cut off"),
        ("Stopped(Exit.AWAY, 'the broker is away')", 75, "the broker is away"),
        ("RuntimeError('anna@example.com')", 70, "RuntimeError"),
    ],
)
def test_what_hangs_at_the_end_is_cut_off_and_told(error: str, code: int, told: str) -> None:
    command = [sys.executable, "-c", HANGING.format(error=error)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert ended.returncode == code, ended.stderr
    assert told in ended.stdout.splitlines()[-1]
    assert "anna" not in ended.stdout
