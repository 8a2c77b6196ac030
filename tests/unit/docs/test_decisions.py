"""The decisions are numbered, listed, short and complete."""

from pathlib import Path

import pytest

from tests.unit.docs.pages import ROOT, name

FOLDER = ROOT / "docs" / "adr"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
SCREEN_AND_A_HALF = 60


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [page.name[:5] for page in DECISIONS] == [
        f"{number:04}-" for number in range(1, len(DECISIONS) + 1)
    ]


def test_the_list_names_each_decision_by_its_title() -> None:
    listed = (FOLDER / "README.md").read_text()
    entries = [f"[{_title(page)}]({page.name})" for page in DECISIONS]
    assert [entry for entry in entries if entry not in listed] == []


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_a_decision_says_why_what_and_what_follows(page: Path) -> None:
    lines = page.read_text().splitlines()
    assert lines[0].startswith(f"# {int(page.name[:4])}. ")
    assert lines[2] == "Status: accepted"
    assert {"## Context", "## Decision", "## Consequences"} <= set(lines)
    assert len(lines) <= SCREEN_AND_A_HALF


def _title(page: Path) -> str:
    return page.read_text().splitlines()[0].partition(". ")[2]
