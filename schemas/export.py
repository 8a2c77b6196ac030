"""Writes what is generated from the classes: JSON Schemas and docs/events.md.

python -m schemas.export             write both
python -m schemas.export --check     write nothing; fail if what is committed is stale
python -m schemas.export --release   also keep the schemas as a release; fail if they break one
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from schemas import catalogue, committed
from schemas.history import RELEASED, broken, release, text
from schemas.json_schema import schemas

ROOT = Path(__file__).parent.parent
GENERATED = Path("schemas/generated")


def outputs() -> Mapping[Path, str]:
    """Every generated file, by its path in the checkout."""
    files = {GENERATED / f"{name}.schema.json": text(one) for name, one in schemas().items()}
    return {**files, Path("docs/events.md"): catalogue.rendered()}


def stale(root: Path) -> list[Path]:
    """What is missing, differs, or is left over from a class that is gone."""
    return committed.stale(root, GENERATED, outputs())


def write(root: Path) -> None:
    """Brings everything up to date, and takes away what is left over."""
    committed.write(root, GENERATED, outputs())


def main(arguments: Sequence[str], root: Path = ROOT, released: Path = RELEASED) -> int:
    """The exit code: 0, or 1 with a line on stderr for each thing that is wrong."""
    parser = argparse.ArgumentParser(prog="python -m schemas.export", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if a committed file is stale")
    parser.add_argument("--release", action="store_true", help="keep the schemas as a release")
    options = parser.parse_args(arguments)
    if options.check:
        wrong = [f"{path} is stale; run python -m schemas.export" for path in stale(root)]
    else:
        write(root)
        wrong = _release(released) if options.release else []
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


def _release(released: Path) -> list[str]:
    wrong = [
        f"{name}{finding.path}: {finding.rule}: {finding.sentence}"
        for name, found in broken(released, schemas()).items()
        for finding in found
    ]
    if not wrong:
        release(released, schemas())
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
