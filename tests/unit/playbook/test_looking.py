"""`touchline playbook timeline`, `list` and `new`, from a manager's side."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.playbook import app
from engagement.playbook.reading import from_yaml
from tests.unit.playbook.seed import SEED, with_

FRIDAY = ("--entered", "2026-03-27T16:00")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_a_timeline_has_a_line_for_each_touch_by_the_clock_of_the_lead() -> None:
    result = run("timeline", SEED, *FRIDAY, "--lead-zone", "Europe/Berlin")
    heading, first, *_, last = result.stdout.splitlines()
    assert heading.split() == [
        "step",
        "day",
        "not",
        "before",
        "due",
        "lapses",
        "channel",
        "activity",
    ]
    assert "Fri 2026-03-27 17:00+0100" in first
    assert last.startswith("9     18   Mon 2026-04-13 09:00+0200")


def test_a_timeline_in_json_has_its_moments_in_utc() -> None:
    result = run("timeline", SEED, "--json", "--entered", "2026-03-27T16:00Z")
    first, *others = json.loads(result.stdout)
    assert (first["step"], first["due_at"]) == (1, "2026-03-27T16:05:00Z")
    assert len(others) == 8


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--entered", "soon"), "2026-03-27T16:00Z"),
        ((*FRIDAY, "--lead-zone", "Mars/Base"), "not an IANA time zone"),
        ((*FRIDAY, "--cadence", "ten"), "use one of nine-in-eighteen"),
    ],
)
def test_what_no_timeline_can_be_made_of_is_told(arguments: tuple[str, ...], told: str) -> None:
    result = run("timeline", SEED, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr


def test_a_wrong_playbook_is_told_by_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "spoilt.yaml"
    file.write_text(with_("{day: 3,", "{day: 0,"))
    result = run("timeline", file, *FRIDAY)
    assert result.exit_code == 1
    assert "cadences[0].steps[2].day: too small" in result.stdout


def test_the_shipped_playbooks_are_named_with_their_touches() -> None:
    assert "telfer: telfer, 8 touches" in run("list").stdout.splitlines()
    assert json.loads(run("list", "--json").stdout)["seed-9-in-18"] == {"nine-in-eighteen": 9}


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"name: \xe9")
    for arguments in (("timeline", file), ("diff", SEED, file), ("check", file)):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (
            1,
            f"{file}:1: (the whole file): not UTF-8. Fix: save it as UTF-8.\n",
        )


def test_a_cadence_that_is_new_is_told_in_a_line_that_can_be_read() -> None:
    result = run("diff", SEED, SEED.with_name("telfer.yaml"), *FRIDAY)
    assert "  cadence telfer: added a whole cadence" in result.stdout


def test_without_a_moment_the_lead_enters_now() -> None:
    first, *_ = json.loads(run("timeline", SEED, "--json").stdout)
    assert abs(datetime.fromisoformat(first["not_before"]) - datetime.now(UTC)) < timedelta(days=1)


def test_a_new_playbook_says_what_comes_next(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    result = run("new", file, "--from", "telfer")
    assert f"touchline playbook timeline {file}" in result.stderr
    assert run(*result.stderr.split("touchline playbook ")[1].split()).exit_code == 0


def test_a_new_playbook_is_a_copy_under_its_own_name(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    assert run("new", file, "--from", "telfer").exit_code == 0
    playbook = from_yaml(file.read_text(encoding="utf-8"), "ours.yaml")
    assert playbook.name == "ours"
    assert playbook.cadences[0].name == "telfer"


@pytest.mark.parametrize(
    ("name", "template", "told"),
    [
        ("ours.yaml", "nothing", "no such playbook; `touchline playbook list` names them"),
        ("ours.yaml", "telfr", "is it telfer?"),
        ("Ours.yaml", "telfer", "not a playbook's name"),
        ("there.yaml", "telfer", "is there already"),
    ],
)
def test_nothing_is_written_where_it_would_be_wrong(
    tmp_path: Path, name: str, template: str, told: str
) -> None:
    (tmp_path / "there.yaml").write_text("mine")
    result = run("new", tmp_path / name, "--from", template)
    assert result.exit_code == 1
    assert told in result.stderr
    assert (tmp_path / "there.yaml").read_text() == "mine"
