"""The committed JSON Schema is current, and takes what `touchline playbook check` takes."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from cli.playbook import app
from cli.templates import FOLDER
from tests.unit.docs.pages import ROOT
from tests.unit.playbook.seed import TEXT, with_

COMMITTED = (FOLDER / "playbook.schema.json").read_text(encoding="utf-8")
KNOWN = json.loads(COMMITTED)
SCHEMA = Draft202012Validator(KNOWN)


def read(text: str) -> Any:
    return yaml.safe_load(text)


def test_the_committed_schema_is_the_one_that_the_command_prints() -> None:
    """`touchline playbook schema > playbooks/playbook.schema.json` renews it."""
    assert CliRunner().invoke(app, ["schema"]).stdout == COMMITTED


def test_the_committed_reference_is_the_one_that_the_command_prints() -> None:
    """`touchline playbook schema --markdown > docs/playbook-reference.md` renews it."""
    reference = (ROOT / "docs" / "playbook-reference.md").read_text(encoding="utf-8")
    assert CliRunner().invoke(app, ["schema", "--markdown"]).stdout == reference


def test_every_key_has_a_sentence() -> None:
    """The line under a field of a model: editors and the reference show it."""
    parts = {"Playbook": KNOWN, **KNOWN["$defs"]}
    keys = {
        f"{name}.{key}": told
        for name, part in parts.items()
        for key, told in part.get("properties", {}).items()
    }
    assert [key for key, told in keys.items() if not told.get("description")] == []


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_shipped_playbook_fits(file: Path) -> None:
    SCHEMA.validate(read(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{day: 3,", "{day: 0,"),
        ("{day: 3,", "{day: 3, at: 10,"),
        ("{day: 3,", "{day: 3, kind: fax,"),
        ("team: inbound", "tame: inbound"),
        ('"09:00-17:00"', "9-17"),
    ],
)
def test_what_is_written_wrong_does_not_fit(old: str, new: str) -> None:
    assert SCHEMA.is_valid(read(TEXT))
    assert not SCHEMA.is_valid(read(with_(old, new)))
