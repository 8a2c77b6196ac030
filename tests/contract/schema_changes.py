"""A schema, and ways to change it: those that break a reader, and those that do not."""

import copy
from collections.abc import Callable
from typing import Any

from schemas.compatibility import Rule

Json = dict[str, Any]
Change = Callable[[Json], None]

OLD: Json = {
    "$defs": {
        "Consent": {
            "type": "object",
            "properties": {"call": {"enum": ["yes", "no"], "type": "string"}},
            "required": ["call"],
        }
    },
    "title": "Old",
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "name": {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^[a-z]+$"},
        "score": {"type": "integer", "minimum": 0, "maximum": 100, "default": 50},
        "channel": {"enum": ["call", "email"], "type": "string"},
        "kind": {"const": "a", "type": "string"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "codes": {"type": "array", "items": {"type": "string", "maxLength": 5}},
        "consent": {"$ref": "#/$defs/Consent"},
    },
    "required": ["id", "name", "channel", "kind", "codes", "consent"],
}


def put(path: str, value: object) -> Change:
    """Sets what is at a path, as in "properties/name/type"."""

    def change(schema: Json) -> None:
        *above, last = path.split("/")
        _at(schema, above)[last] = value

    return change


def drop(path: str) -> Change:
    """Takes away what is at a path."""

    def change(schema: Json) -> None:
        *above, last = path.split("/")
        del _at(schema, above)[last]

    return change


def changed(*changes: Change) -> Json:
    """A copy of OLD with the changes made."""
    new = copy.deepcopy(OLD)
    for change in changes:
        change(new)
    return new


def _at(schema: Any, path: list[str]) -> Any:
    for part in path:
        schema = schema[int(part) if part.isdigit() else part]
    return schema


REQUIRED = OLD["required"]
CONSENT = OLD["$defs"]["Consent"]
NEW = put("properties/new", {"type": "string"})

BREAKS: dict[str, tuple[str, Rule, Json]] = {
    "removed": ("/properties/score", "removed", changed(drop("properties/score"))),
    "added-required": (
        "/properties/new", "added-required", changed(NEW, put("required", [*REQUIRED, "new"])),
    ),
    "became-required": (
        "/properties/score", "became-required", changed(put("required", [*REQUIRED, "score"])),
    ),
    "became-optional": (
        "/properties/id", "became-optional", changed(put("required", REQUIRED[1:])),
    ),
    "enum-narrowed": (
        "/properties/channel/enum", "narrowed",
        changed(put("properties/channel/enum", ["call"])),
    ),
    "enum-widened": (
        "/properties/channel/enum", "widened",
        changed(put("properties/channel/enum", ["call", "email", "sms"])),
    ),
    "enum-gone": ("/properties/channel/enum", "widened", changed(drop("properties/channel/enum"))),
    "enum-came": (
        "/properties/name/enum", "narrowed", changed(put("properties/name/enum", ["a"])),
    ),
    "branch-added": (
        "/properties/note/anyOf", "changed",
        changed(put("properties/note/anyOf", [*OLD["properties"]["note"]["anyOf"], {}])),
    ),
    "items-gone": ("/properties/codes/items", "changed", changed(drop("properties/codes/items"))),
    "inside-a-definition": (
        "/properties/consent/properties/call/enum", "narrowed",
        changed(put("$defs/Consent/properties/call/enum", ["yes"])),
    ),
    "definition-required": (
        "/properties/consent/properties/call", "became-optional",
        changed(put("$defs/Consent/required", [])),
    ),
    **{
        f"{path} is {value}": (f"/{path}", "changed", changed(put(path, value)))
        for path, value in {
            "additionalProperties": False,
            "properties/score/type": "string",
            "properties/score/minimum": 1,
            "properties/score/maximum": 1000,
            "properties/score/default": 60,
            "properties/name/pattern": "^[a-y]*$",
            "properties/name/minLength": 2,
            "properties/name/maxLength": 8,
            "properties/id/format": "uri",
            "properties/kind/const": "b",
            "properties/consent/default": None,
            "properties/note/anyOf/0/maxLength": 5,
            "properties/codes/items/maxLength": 4,
        }.items()
    },
    **{
        f"{path} is gone": (f"/{path}", "changed", changed(drop(path)))
        for path in ("properties/name/pattern", "properties/note/default", "properties/kind/const")
    },
}  # fmt: skip

UNKNOWN = {
    path: changed(put(path, value))
    for path, value in {
        "patternProperties": {},
        "additionalProperties": {"type": "string"},
        "properties/name/contentEncoding": "base64",
        "properties/note/anyOf/0/multipleOf": 2,
        "properties/codes/items/uniqueItems": True,
        "properties/consent/type": "object",
        "$defs/Consent/minProperties": 1,
    }.items()
}

COMPATIBLE = {
    "added-optional": changed(NEW),
    "added-inside-a-definition": changed(put("$defs/Consent/properties/sms", {"type": "null"})),
    "other-words": changed(put("title", "New"), put("properties/consent/description", "words")),
    "enum-in-another-order": changed(put("properties/channel/enum", ["email", "call"])),
    "required-in-another-order": changed(put("required", REQUIRED[::-1])),
    "definition-renamed": changed(
        put("$defs", {"Renamed": CONSENT}), put("properties/consent/$ref", "#/$defs/Renamed")
    ),
}
