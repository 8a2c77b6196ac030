"""The reference of the playbook in Markdown, from the models themselves."""

import json
from collections.abc import Iterator, Mapping
from inspect import cleandoc
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from engagement.playbook import json_schema
from engagement.playbook.faults import models_in
from engagement.playbook.playbook import Playbook

_HEAD = """\
# Every key of a playbook

Made from the models by `touchline playbook schema --markdown`. What the keys do together, with
examples, is told in [the playbook](playbook.md). A key that is left out does not enter the digest.
A name has lower-case letters, digits and hyphens, at most 60.
"""
_NAME, _CLOCK = "^[a-z0-9][a-z0-9-]{0,59}$", "^([01]\\d|2[0-3]):[0-5]\\d$"
_PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        _NAME: "name",
        _CLOCK: 'time of day, as "10:00"',
        "^[a-z]{2}$": "two small letters",
        "^[^\\s\\x00]{1,10}$": "text without blanks, at most 10 characters",
    }
)
Schema = dict[str, Any]


def document() -> str:
    """The whole page: a section for each part, with each key's type, default and sentence."""
    schema = json.loads(json_schema.document())
    sections = (_section(model, schema) for model in dict.fromkeys(_reached(Playbook)))
    return "\n".join([_HEAD, *sections])


def _reached(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for part in models_in(field.annotation):
            yield from _reached(part)


def _section(model: type[BaseModel], schema: Schema) -> str:
    known = schema if model is Playbook else schema["$defs"][model.__name__]
    said = cleandoc(model.__doc__ or "")
    if "properties" not in known:
        return f"## {model.__name__}\n\n{said}\n"
    rows = [
        f"| `{key}` | {_type(part)} | {_default(model, key)} | {part.get('description', '')} |"
        for key, part in _in_order(model, known)
    ]
    table = ["| key | type | left out | says |", "|---|---|---|---|", *rows]
    return "\n".join([f"## {model.__name__}", "", said, "", *table, ""])


def _in_order(model: type[BaseModel], known: Schema) -> Iterator[tuple[str, Schema]]:
    """The keys as the model names them; the schema has them by the alphabet."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        yield key, known["properties"][key]


def _type(part: Schema) -> str:  # noqa: PLR0911  one for each shape
    match part:
        case {"$ref": ref}:
            name = ref.rpartition("/")[2]
            return f"[{name}](#{name.lower()})"
        case {"anyOf": kinds}:
            return " or ".join(_type(one) for one in kinds if one.get("type") != "null")
        case {"const": word}:
            return f"`{json.dumps(word)}`" if isinstance(word, bool) else f"`{word}`"
        case {"enum": words}:
            return ", ".join(f"`{word}`" for word in words)
        case {"type": "array", "items": item}:
            return f"list of {_type(item)}"
        case {"type": "integer", "minimum": least, "maximum": most}:
            return f"{least:,} to {most:,}"
        case {"type": "boolean"}:
            return "`true` or `false`"
        case {"format": "date"}:
            return "date"
        case {"pattern": pattern} if pattern in _PATTERNS:
            return _PATTERNS[pattern]
        case {"maxLength": most}:
            return f"text, at most {most} characters"
        case _:
            return "text"


def _default(model: type[BaseModel], key: str) -> str:
    field = next(one for name, one in model.model_fields.items() if key in {name, one.alias})
    if field.is_required():
        return "must be there"
    default = field.get_default(call_default_factory=True)
    if isinstance(default, BaseModel):
        default = default.model_dump()
    if isinstance(default, tuple):
        return ", ".join(default) or "none"
    return "" if default is None else str(default)
