"""What is wrong in a playbook, told so that its writer can put it right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from engagement.playbook.checking import place
from engagement.playbook.mending import Path
from engagement.playbook.playbook import Playbook

_SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("the key is missing", "add it"),
        "extra_forbidden": ("unknown key", "remove it, or use one of: {known}"),
        "string_type": ("not a text", "write it in quotes"),
        "string_too_long": ("too long", "shorten it to {max_length} characters"),
        "string_too_short": ("too short", "write {min_length} characters or more"),
        "string_pattern_mismatch": ("not written as it must be", "let it match {pattern}"),
        "literal_error": ("not one of the known words", "use one of: {expected}"),
        "too_short": ("the list is empty", "add one or more"),
        "too_long": ("the list is too long", "leave at most {max_length}"),
        "tuple_type": ("not a list", "write it as a list"),
        "model_type": ("not keys with values", "write it as keys with values"),
        "int_type": ("not a whole number", "write a whole number"),
        "int_parsing": ("not a whole number", "write a whole number"),
        "int_from_float": ("not a whole number", "write a whole number"),
        "bool_type": ("neither true nor false", "write true or false"),
        "greater_than_equal": ("too small", "use {ge} or more"),
        "less_than_equal": ("too large", "use {le} or less"),
        "playbook": ("{rule}", "{fix}"),
    }
)
"""Rule and fix for each way in which pydantic finds a value wrong."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: where, which, and how to put it right. Lines count from 1."""

    file: str
    line: int
    path: str
    rule: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.rule}. Fix: {self.fix}."


class PlaybookError(ValueError):
    """A playbook that cannot be used; `faults` holds everything found wrong, at least one."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def faults_of(
    found: Sequence[ErrorDetails], file: str, lines: Mapping[Path, int]
) -> tuple[Fault, ...]:
    """The faults behind what pydantic found; `lines` says where each path of the file begins."""
    faults = (_fault(details, file, lines) for details in found)
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.path)))


def _fault(details: ErrorDetails, file: str, lines: Mapping[Path, int]) -> Fault:
    context = dict(details.get("ctx", {}))
    if details["type"] == "extra_forbidden":
        context["known"] = ", ".join(_known_keys(details["loc"][:-1]))
    if context.get("expected") == "True":
        context["expected"] = "true"
    rule, fix = _SENTENCES.get(details["type"], (details["msg"], "correct the value"))
    path = place(details)
    line = _line(path, lines)
    return Fault(file, line, shown(path), rule.format(**context), fix.format(**context))


def _line(path: Path, lines: Mapping[Path, int]) -> int:
    """Where the path begins, or the nearest thing around it that the file does contain."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def shown(path: Path) -> str:
    """The path as people write it: cadences[0].steps[2].day."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".") or "(the whole file)"


def _known_keys(path: Path) -> list[str]:
    models: list[type[BaseModel]] = [Playbook]
    for key in path:
        if isinstance(key, str):
            fields = (field for model in models for name, field in _fields(model) if name == key)
            models = [model for field in fields for model in models_in(field.annotation)]
    return [name for model in models for name, _ in _fields(model)]


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        yield field.alias or name, field


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models in an annotation such as tuple[Step, ...] | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]
