"""Files that are generated and committed: what of them is stale, and bringing it up to date."""

from collections.abc import Mapping
from pathlib import Path

Files = Mapping[Path, str]
"""What each file is to hold, by its path in the checkout."""


def stale(root: Path, folder: Path, wanted: Files) -> list[Path]:
    """What is missing or differs below `root`, or is left over in `folder`, sorted."""
    found = {path.relative_to(root) for path in (root / folder).glob("*")}
    differing = {path for path, text in wanted.items() if _read(root / path) != text}
    return sorted(differing | (found - wanted.keys()))


def write(root: Path, folder: Path, wanted: Files) -> None:
    """Brings every stale file up to date, and takes away those left over."""
    for path in stale(root, folder, wanted):
        target = root / path
        if path in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted[path])
        else:
            target.unlink()


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
