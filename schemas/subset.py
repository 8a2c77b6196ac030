"""The part of JSON Schema that our messages use."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

ANNOTATIONS = frozenset({"$id", "$schema", "description", "title"})
"""They promise nothing."""

FIXED = frozenset({
    "additionalProperties", "const", "default", "format", "maxLength", "maximum",
    "minLength", "minimum", "pattern", "type",
})  # fmt: skip
"""They promise what they say: another value is another promise."""

STRUCTURE = frozenset({"$defs", "$ref", "anyOf", "enum", "items", "properties", "required"})
KEYWORDS = ANNOTATIONS | FIXED | STRUCTURE

_BESIDE_REF = ANNOTATIONS | {"$ref", "default"}


def unknown_keywords(schema: Schema, path: str = "") -> Iterator[str]:
    """Where `schema` goes beyond the subset, as paths."""
    known = _BESIDE_REF if "$ref" in schema else KEYWORDS
    yield from (f"{path}/{keyword}" for keyword in schema.keys() - known)
    if schema.get("additionalProperties", False) is not False:
        yield f"{path}/additionalProperties"
    for keyword in ("$defs", "properties"):
        for name, part in schema.get(keyword, {}).items():
            yield from unknown_keywords(part, f"{path}/{keyword}/{name}")
    for n, branch in enumerate(schema.get("anyOf", ())):
        yield from unknown_keywords(branch, f"{path}/anyOf/{n}")
    if "items" in schema:
        yield from unknown_keywords(schema["items"], f"{path}/items")


def inlined(schema: Schema) -> Schema:
    """`schema` with its definitions written out where they are used.

    Raises ValueError for a definition that contains itself.
    """
    return _inlined(schema, schema.get("$defs", {}), ())


def _inlined(part: Schema, definitions: Schema, within: tuple[str, ...]) -> Schema:
    if "$ref" in part:
        name = part["$ref"].removeprefix("#/$defs/")
        if name in within:
            raise ValueError(f"{name} contains itself; no message can be checked that does")
        beside = {keyword: value for keyword, value in part.items() if keyword != "$ref"}
        return {**_inlined(definitions[name], definitions, (*within, name)), **beside}
    written = {keyword: value for keyword, value in part.items() if keyword != "$defs"}
    if "properties" in part:
        written["properties"] = {
            name: _inlined(value, definitions, within)
            for name, value in part["properties"].items()
        }
    if "anyOf" in part:
        written["anyOf"] = [_inlined(branch, definitions, within) for branch in part["anyOf"]]
    if "items" in part:
        written["items"] = _inlined(part["items"], definitions, within)
    return written
