"""Playbooks as a command is given them: one file, or a folder of files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cli.failure import fail
from engagement.playbook import Playbook
from engagement.playbook.faults import Fault, PlaybookError
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
    return {playbook.name: playbook for playbook in map(read, files(path))}


def read(file: Path) -> Playbook:
    """The playbook in this file; raises PlaybookError with every fault, also of its encoding."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        fault = Fault(str(file), 1, "(the whole file)", "not UTF-8", "save it as UTF-8")
        raise PlaybookError((fault,)) from None
    return from_yaml(text, str(file))
