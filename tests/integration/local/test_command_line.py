"""`touchline local` and `touchline topics`, as a shell script sees them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from schemas.topics import TOPICS
from tests.real_servers import OwnServers

TOUCHLINE = Path(sys.executable).with_name("touchline")


@pytest.fixture(scope="module")
def own(own_servers: Callable[[], OwnServers]) -> OwnServers:
    return own_servers()


def touchline(
    *words: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TOUCHLINE, *words],
        env={**os.environ, "NO_COLOR": "1", **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def answer(*words: str) -> Any:
    return json.loads(touchline(*words, "--json").stdout)


def test_up_and_status_answer_in_json_and_exit_0(own: OwnServers) -> None:
    there = ("--folder", str(own.folder))

    up = answer("local", "up", *there)
    status = touchline("local", "status", *there, "--json")

    assert up["kafka_bootstrap"] == own.servers.kafka_bootstrap
    assert status.returncode == 0
    assert json.loads(status.stdout)["running"] is True


def test_topics_are_compared_made_and_found_in_order(own: OwnServers) -> None:
    there = ("--bootstrap", own.servers.kafka_bootstrap)
    missing = touchline("topics", "diff", *there)
    planned = answer("topics", "apply", "--dry-run", *there)
    made = answer("topics", "apply", *there)
    afterwards = touchline("topics", "diff", *there)

    assert missing.returncode == 1
    assert planned == made
    assert {change["topic"] for change in made} == {topic.name for topic in TOPICS}
    assert (afterwards.returncode, afterwards.stdout) == (0, "")


def test_status_of_an_unused_folder_exits_1(tmp_path: Path) -> None:
    status = touchline("local", "status", "--folder", str(tmp_path / "none"))

    assert status.returncode == 1
    assert "kafka     does not run" in status.stdout


def test_an_expected_error_is_one_line_on_stderr_and_exits_1(tmp_path: Path) -> None:
    failed = touchline("topics", "diff", "--folder", str(tmp_path))

    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("touchline: No broker and database run from")
    assert "Traceback" not in failed.stderr


def test_misuse_exits_2() -> None:
    assert touchline("local", "sideways").returncode == 2


def test_with_external_servers_nothing_embedded_is_started(tmp_path: Path) -> None:
    external = {"KAFKA_BOOTSTRAP": "broker:9092", "DATABASE_URL": "postgresql://database"}

    up = touchline("local", "up", "--folder", str(tmp_path / "none"), environment=external)

    assert up.stdout == "KAFKA_BOOTSTRAP=broker:9092\nDATABASE_URL=postgresql://database\n"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("group", ["local up", "local down", "local status", "topics apply"])
def test_every_command_shows_an_example(group: str) -> None:
    shown = touchline(*group.split(), "--help").stdout

    assert f"Example: touchline {group}" in shown
