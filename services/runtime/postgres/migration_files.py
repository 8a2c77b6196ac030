"""Numbered SQL files: their order is their number, their identity is their digest."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FILE = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


class MigrationRefused(Exception):
    """The database and the migration files do not fit together; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number in its series, its name, its text and the text's SHA-256."""

    number: int
    name: str
    text: str
    digest: str


def read(folder: Path) -> tuple[Migration, ...]:
    """The migrations in `folder`, numbered 0001, 0002, ... without a gap.

    Raises MigrationRefused for a name or number that is out of line.
    """
    files = sorted(folder.glob("*.sql"))
    for position, file in enumerate(files, start=1):
        match = FILE.fullmatch(file.name)
        if match is None or int(match[1]) != position:
            raise MigrationRefused(
                f"{file.name} in {folder.name}/ must be called {position:04}_what_it_does.sql:"
                " migrations are numbered without a gap"
            )
    return tuple(_migration(number, file) for number, file in enumerate(files, start=1))


def _migration(number: int, file: Path) -> Migration:
    text = file.read_text()
    return Migration(number, file.stem, text, sha256(text.encode()).hexdigest())
