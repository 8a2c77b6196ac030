"""The schemas that were released, against which every later one is checked.

schemas/released/<type>.v<version>/<n>.json is what release n promised. It is never changed.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from schemas.compatibility import Finding, findings
from schemas.subset import Schema

RELEASED = Path(__file__).parent / "released"


def releases(folder: Path) -> Iterator[tuple[str, int, Schema]]:
    """Name, number and schema of everything that was ever released, oldest first."""
    for path in sorted(folder.glob("*/*.json"), key=lambda path: (path.parent.name, _n(path))):
        yield path.parent.name, _n(path), json.loads(path.read_text())


def broken(folder: Path, current: Mapping[str, Schema]) -> dict[str, tuple[Finding, ...]]:
    """What `current` breaks of every release, by release; empty if it keeps all promises."""
    gone = (Finding("", "removed", "its messages lie in the log; keep a class that reads them"),)
    judged = {
        f"{name}/{n}": findings(schema, current[name]) if name in current else gone
        for name, n, schema in releases(folder)
    }
    return {release: found for release, found in judged.items() if found}


def release(folder: Path, current: Mapping[str, Schema]) -> list[Path]:
    """Keeps each schema that differs from its last release as the next one."""
    latest = {name: (n, schema) for name, n, schema in releases(folder)}
    written = []
    for name, schema in current.items():
        n, last = latest.get(name, (0, None))
        if schema != last:
            written.append(folder / name / f"{n + 1}.json")
            written[-1].parent.mkdir(parents=True, exist_ok=True)
            written[-1].write_text(text(schema))
    return written


def text(schema: Schema) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _n(path: Path) -> int:
    return int(path.stem)
