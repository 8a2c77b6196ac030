"""`touchline playbook`, from a manager's side."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.operator import KEY
from cli.playbook import app
from engagement.playbook.reading import from_yaml
from services.runtime.process.environment import PREFIX
from tests.unit.ingest_stand_in import Ingest, ingest
from tests.unit.playbook.seed import SEED, with_

__all__ = ["ingest"]  # a fixture

SHIPPED = from_yaml(SEED.read_text(encoding="utf-8"), "x")


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    file = tmp_path / "spoilt.yaml"
    file.write_text(with_("{day: 3,", "{day: 0,"))
    return file


def run(*arguments: object, key: str | None = "secret") -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], env={"OPERATOR_KEY": key})


def test_a_right_playbook_is_named_with_its_digest() -> None:
    result = run("check", SEED)
    assert (result.exit_code, result.stdout) == (
        0,
        f"{SEED}: seed-9-in-18 {SHIPPED.digest[:12]}\n",
    )


def test_a_wrong_one_is_told_with_its_line_and_the_exit_code_is_one(spoilt: Path) -> None:
    result = run("check", spoilt)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{spoilt}:")
    assert "cadences[0].steps[2].day: too small. Fix: use 1 or more." in result.stdout


def test_every_playbook_of_a_folder_is_checked(spoilt: Path) -> None:
    (spoilt.parent / "right.yml").write_bytes(SEED.read_bytes())
    (spoilt.parent / "latin.yaml").write_bytes(b"name: \xe9")
    (spoilt.parent / "notes.txt").write_text("not a playbook")
    result = run("check", spoilt.parent, "--json")
    latin, right, wrong = json.loads(result.stdout)
    assert latin["faults"][0]["rule"] == "not UTF-8"
    assert (right["digest"], right["faults"]) == (SHIPPED.digest, [])
    assert (wrong["playbook"], len(wrong["faults"])) == (None, 1)
    assert result.exit_code == 1


def test_a_folder_without_playbooks_is_refused(tmp_path: Path) -> None:
    result = run("check", tmp_path)
    assert result.exit_code == 1
    assert "holds no .yaml file" in result.stderr


def test_publish_sends_the_content_under_the_operators_key(ingest: Ingest) -> None:
    result = run("publish", SEED, "--to", ingest.url)
    assert result.exit_code == 0, result.output
    content = SHIPPED.content.encode()
    assert ingest.asked == [("/v1/playbook", "Bearer secret", content)]
    assert "in force" in result.stdout


def test_the_key_may_lie_in_a_file_and_the_answer_be_json(ingest: Ingest, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from-a-file\n")
    result = run("publish", SEED, "--to", ingest.url, "--key-file", file, "--json")
    assert ingest.asked[0][1] == "Bearer from-a-file"
    assert json.loads(result.stdout)["answer"] == {"published": True}


@pytest.mark.parametrize("more", [["--dry-run"], ["--dry-run", "--json"]])
def test_a_dry_run_sends_nothing(ingest: Ingest, more: list[str]) -> None:
    result = run("publish", SEED, "--to", ingest.url, *more)
    assert (result.exit_code, ingest.asked) == (0, [])
    assert SHIPPED.digest[:12] in result.stdout


def test_a_wrong_playbook_is_not_sent(ingest: Ingest, spoilt: Path) -> None:
    result = run("publish", spoilt, "--to", ingest.url)
    assert (result.exit_code, ingest.asked) == (1, [])


def test_a_refusal_is_told(ingest: Ingest) -> None:
    ingest.status, ingest.body = 401, b'{"title": "no such key"}'
    result = run("publish", SEED, "--to", ingest.url)
    assert result.exit_code == 1
    assert "answered 401" in result.stderr
    assert "no such key" in result.stderr


def test_an_answer_that_is_not_json_is_told(ingest: Ingest) -> None:
    ingest.body = b"<html>"
    result = run("publish", SEED, "--to", ingest.url)
    assert result.exit_code == 1
    assert "is ingest running there" in result.stderr


@pytest.mark.parametrize("to", ["http://127.0.0.1:1", "nonsense", "http://[::1"])
def test_an_address_that_does_not_answer_is_told(to: str) -> None:
    result = run("publish", SEED, "--to", to)
    assert result.exit_code == 1
    assert "cannot be reached" in result.stderr


def test_without_a_key_nothing_is_sent(ingest: Ingest) -> None:
    result = run("publish", SEED, "--to", ingest.url, key=None)
    assert (result.exit_code, ingest.asked) == (1, [])
    assert "OPERATOR_KEY" in result.stderr


def test_a_service_started_in_the_same_shell_does_not_refuse_the_variable() -> None:
    assert not KEY.startswith(PREFIX)
