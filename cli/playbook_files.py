"""Playbooks as a command is given them: one file, or a folder of files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cli.failure import fail
from engagement.playbook import Playbook
from engagement.playbook.reading import from_yaml


def files(path: Path) -> Sequence[Path]:
    """The file itself, or every playbook of the folder in the order of names; exits on none."""
    if path.is_file():
        return (path,)
    found = sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"})
    if not found:
        fail(f"{path}: holds no .yaml file; name a playbook, or a folder that holds some")
    return found


def by_name(path: Path) -> Mapping[str, Playbook]:
    """The playbooks of a file or folder; raises PlaybookError with the faults of the first."""
    read = (from_yaml(file.read_text(encoding="utf-8"), str(file)) for file in files(path))
    return {playbook.name: playbook for playbook in read}
