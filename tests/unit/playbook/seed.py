"""The shipped playbook, as text to be spoilt."""

import re
from pathlib import Path

SEED = Path(__file__).parents[3] / "playbooks" / "seed-9-in-18.yaml"
TEXT = re.sub("  (calling_rules|infer_zone): .*\n", "", SEED.read_text(encoding="utf-8"))
"""Without what it says of the law, which would hold beside whatever rule is tested."""


def with_(old: str, new: str) -> str:
    """This text with one place of it changed."""
    assert TEXT.count(old) == 1, f"{old!r} is there {TEXT.count(old)} times"
    return TEXT.replace(old, new)


def line_of(part: str) -> int:
    """The line on which this part of the text stands."""
    return TEXT[: TEXT.index(part)].count("\n") + 1
