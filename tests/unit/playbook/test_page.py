"""docs/playbook.md shows a playbook that is right, every word of it, and what commands answer."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from cli.playbook import app
from cli.templates import FOLDER
from engagement.playbook import Playbook, ResultAction
from engagement.playbook.entry import Conditions
from engagement.playbook.reading import from_yaml
from schemas.envelope import Event
from tests.unit.cadence.facts import at, created, plan, published, touched
from tests.unit.docs.pages import ROOT, blocks

FILE = ROOT / "docs" / "playbook.md"
PAGE = FILE.read_text(encoding="utf-8")
SESSIONS = re.findall(
    r"^\$ (?:OPERATOR_KEY=… )?touchline playbook (.+)\n((?:(?!\$ ).*\n)+)",
    "".join(blocks(FILE, "console")),
    re.MULTILINE,
)


def shown() -> str:
    """The playbook of the page."""
    (only,) = blocks(FILE, "yaml")
    return only


def test_the_playbook_on_the_page_is_right() -> None:
    assert from_yaml(shown(), "docs/playbook.md").name == "spring"


def test_every_action_is_explained() -> None:
    explained = re.findall(r"^\| ([a-z-]+) \|", PAGE, re.MULTILINE)
    assert explained[explained.index("action") :] == ["action", *get_args(ResultAction)]


def test_every_condition_is_named() -> None:
    for name in Conditions.model_fields:
        assert f"`{name}`" in PAGE


def test_every_command_is_shown() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    assert {line.split()[0] for line, _ in SESSIONS} == set(group.commands)


@pytest.mark.parametrize(("line", "answer"), SESSIONS, ids=[line for line, _ in SESSIONS])
def test_a_command_answers_as_the_page_shows(
    line: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spring.yaml").write_text(shown())
    Path("playbooks").symlink_to(FOLDER)
    Path("summer.yaml").write_text(shown().replace("part: afternoon", "part: morning"))
    Path("broken.yaml").write_text(_broken(shown()))
    monkeypatch.setattr("cli.playbook.asked", lambda *_: {"published": True})
    monkeypatch.setattr("cli.playbook_migrate.asked", lambda *_, **__: {"moves": []})
    monkeypatch.setattr("cli.playbook_migrate.history", lambda *_: _running(tmp_path))
    monkeypatch.setattr("cli.playbook_migrate.now", lambda: at("03-29 12:00"))
    env = {"OPERATOR_KEY": "key", "KAFKA_BOOTSTRAP": "broker:9092"}
    said = CliRunner().invoke(app, shlex.split(line), env=env).stdout
    whole, left_out, _ = answer.partition("…")
    assert said.startswith(whole) if left_out else said == whole


def _broken(text: str) -> str:
    return text.replace("cadence: short", "cadence: brief").replace(
        "part: afternoon", 'at: "18:00"'
    )


def _running(folder: Path) -> Iterator[tuple[int, Event[Any]]]:
    """A lead who came in on a Friday, was called and written to; then the summer began."""
    spring, summer = (_read(folder / f"{name}.yaml") for name in ("spring", "summer"))
    entry = created("03-28 16:00", "Europe/Berlin")
    made = [touched(f"03-28 16:0{n}", plan(entry, n)) for n in (1, 2)]
    for fact in (published(spring), entry, *made, published(summer)):
        yield 0, fact


def _read(file: Path) -> Playbook:
    return from_yaml(file.read_text(), file.name)
