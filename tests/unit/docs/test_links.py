"""A page never sends its reader to nowhere."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.unit.docs.pages import ROOT, anchors, blocks, codes, links, name, pages

FOLDERS = "benchmarks|cli|deploy|docs|engagement|playbooks|schemas|services|simulator|tests"
PATH = re.compile(rf"(?:{FOLDERS})/[\w./-]*")

every_page = pytest.mark.parametrize("page", pages(), ids=name)


@every_page
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    assert [link for link in links(page) if not _leads_somewhere(page, link)] == []


@every_page
def test_every_path_set_in_code_exists(page: Path) -> None:
    named = [code for code in codes(page) if PATH.fullmatch(code)]
    assert [path for path in named if not (ROOT / path).exists()] == []


@every_page
def test_every_python_example_compiles(page: Path) -> None:
    for number, example in enumerate(blocks(page, "python")):
        compile(example, f"{name(page)}#{number}", "exec")


@every_page
def test_no_sequence_diagram_holds_a_semicolon_which_would_end_its_statement(page: Path) -> None:
    diagrams = [one for one in blocks(page, "mermaid") if one.startswith("sequenceDiagram")]
    assert [one for one in diagrams if ";" in one] == []


def _leads_somewhere(page: Path, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme:
        return parts.scheme == "https"
    target = (page.parent / parts.path).resolve() if parts.path else page
    if parts.fragment and target.suffix == ".md":
        return target.exists() and parts.fragment in anchors(target)
    return target.exists()
