"""docs/playbook.md shows a playbook that is right, and every word that one may use."""

import re
from pathlib import Path
from typing import get_args

from engagement.playbook import ResultAction
from engagement.playbook.entry import Conditions
from engagement.playbook.reading import from_yaml

PAGE = (Path(__file__).parents[3] / "docs" / "playbook.md").read_text(encoding="utf-8")


def test_the_playbook_on_the_page_is_right() -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert from_yaml(shown, "docs/playbook.md").name == "spring"


def test_every_action_is_explained() -> None:
    explained = re.findall(r"^\| ([a-z-]+) \|", PAGE, re.MULTILINE)
    assert explained == ["action", "next-touch", "qualify", "close", "meeting-booked", "opt-out"]
    assert set(explained) - {"action"} == set(get_args(ResultAction))


def test_every_condition_is_named() -> None:
    for name in Conditions.model_fields:
        assert f"`{name}`" in PAGE
