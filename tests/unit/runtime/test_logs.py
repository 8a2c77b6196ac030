"""Log lines are JSON, from whoever they come, and hold nothing that was not let in by name."""

import json
import logging
from typing import Any
from uuid import UUID

import pytest
import structlog
from psycopg.errors import UniqueViolation

from services.runtime.process import logs

CANARY = "anna.svensson@example.com"


@pytest.fixture(autouse=True)
def _configured(capsys: pytest.CaptureFixture[str]) -> Any:
    root, state = logging.getLogger(), logging.getLogger().handlers[:]
    logs.configure("cadence", "info")
    yield
    capsys.readouterr()
    logging.captureWarnings(False)
    structlog.reset_defaults()
    root.handlers = state


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_says_when_how_grave_what_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("planned", topic="t", partition=3, lead=UUID(int=7))

    (line,) = lines(capsys)
    assert list(line)[:4] == ["ts", "level", "event", "service"]
    assert line["ts"].endswith("Z")
    assert (line["level"], line["event"], line["service"]) == ("info", "planned", "cadence")
    assert (line["topic"], line["partition"], line["lead"]) == ("t", 3, str(UUID(int=7)))


def test_text_under_a_name_that_is_not_listed_is_withheld(
    capsys: pytest.CaptureFixture[str],
) -> None:
    structlog.get_logger().info("planned", email=CANARY, person={"name": CANARY}, who=[CANARY])

    out = capsys.readouterr().out
    assert CANARY not in out
    assert out.count("withheld") == 3


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().debug("detail")
    logging.getLogger("anything").debug("detail")
    logging.getLogger("aiokafka.consumer").info("libraries are quiet")

    assert lines(capsys) == []


def test_libraries_are_heard_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("faust.worker").warning("lost %d of %s", 3, "them")

    (line,) = lines(capsys)
    assert line["event"] == "lost 3 of them"
    assert (line["level"], line["logger"]) == ("warning", "faust.worker")


def test_an_error_tells_its_type_and_place_but_not_the_input(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        int(CANARY)
    except ValueError as error:
        structlog.get_logger().exception("failed")
        structlog.get_logger().error("failed", exc_info=error)
        logging.getLogger("faust").exception("crashed %r", error)
        logging.getLogger("faust").error("crashed %s", error, exc_info=True)

    out = capsys.readouterr().out
    assert CANARY not in out
    for line in map(json.loads, out.splitlines()):
        assert line["error"] == "ValueError"
        assert "test_logs.py" in line["where"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(111, "refused"), "ConnectionRefusedError: [Errno 111] refused"),
        (UniqueViolation(f"Key (mail)=({CANARY}) exists"), "UniqueViolation"),
        (KeyError(CANARY), "KeyError"),
    ],
)
def test_an_errors_own_words_pass_only_where_they_are_known_to_be_harmless(
    error: Exception, said: str
) -> None:
    assert logs.explained(error) == said
