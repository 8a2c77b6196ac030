"""The shipped playbook, as text to be spoilt."""

from pathlib import Path

SEED = Path(__file__).parents[3] / "playbooks" / "seed-9-in-18.yaml"
TEXT = SEED.read_text(encoding="utf-8")


def with_(old: str, new: str) -> str:
    """The shipped playbook with one place of it changed."""
    assert TEXT.count(old) == 1, f"{old!r} is there {TEXT.count(old)} times"
    return TEXT.replace(old, new)


def line_of(part: str) -> int:
    """The line on which this part of the shipped playbook stands."""
    return TEXT[: TEXT.index(part)].count("\n") + 1
