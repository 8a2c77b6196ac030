"""Playbooks as people write them: YAML, with the line of everything that is wrong."""

from collections.abc import Iterator

import yaml

from engagement.playbook.checking import Wrong, checked
from engagement.playbook.faults import Fault, PlaybookError, faults_of, shown
from engagement.playbook.mending import Path
from engagement.playbook.playbook import Playbook

_DEEPEST = 12
"""A playbook nests less; deeper is an alias that contains itself."""


def from_yaml(text: str, file: str) -> Playbook:
    """The playbook that `text` says; raises PlaybookError with every fault, in terms of `file`."""
    node, data = _parse(text, file)
    lines: dict[Path, int] = {}
    for path, line in _lines(node, ()):
        if path in lines:
            raise _error(file, line, path, "the key is there twice", "remove one of the two")
        lines[path] = line
    try:
        return checked(data)
    except Wrong as wrong:
        raise PlaybookError(faults_of(wrong.details, file, lines)) from None


def _parse(text: str, file: str) -> tuple[yaml.Node, object]:
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is not None:
            return node, loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _error(file, line, (), f"not YAML: {error.problem}", "correct this line") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _error(file, 1, (), f"not YAML: {error}", "correct the file") from None
    raise _error(file, 1, (), "the file is empty", "write a playbook into it")


def _lines(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    if not path:
        yield path, node.start_mark.line + 1
    if len(path) > _DEEPEST:
        return
    for key, line, child in _children(node):
        yield (*path, key), line
        yield from _lines(child, (*path, key))


def _children(node: yaml.Node) -> Iterator[tuple[str | int, int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield index, value.start_mark.line + 1, value


def _error(file: str, line: int, path: Path, rule: str, fix: str) -> PlaybookError:
    return PlaybookError((Fault(file, line, shown(path), rule, fix),))
