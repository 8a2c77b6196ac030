"""The project's pages, as the tests of this folder read them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]

_FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
_DROPPED = re.compile(r"[^\w\- ]")


def pages() -> list[Path]:
    """Every Markdown page of the project; hidden folders hold none of ours."""
    folders = [one for one in ROOT.iterdir() if one.is_dir() and not one.name.startswith(".")]
    return sorted([*ROOT.glob("*.md"), *(page for one in folders for page in one.rglob("*.md"))])


def name(page: Path) -> str:
    """How a test names the page."""
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCED.sub("", page.read_text())


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks in `language`."""
    return [text for _, tag, text in _FENCED.findall(page.read_text()) if tag == language]


def links(page: Path) -> list[str]:
    """The targets of the page's links."""
    return _LINK.findall(prose(page))


def codes(page: Path) -> list[str]:
    """What the page sets in code, inside its sentences and tables."""
    return _CODE.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """The fragments that a link to the page may name."""
    headings = [_DROPPED.sub("", one.lower()) for one in _HEADING.findall(prose(page))]
    return {heading.replace(" ", "-") for heading in headings}
