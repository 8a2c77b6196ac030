"""FULL compatibility of two JSON Schemas: an optional property may be added, and nothing else.

Then new code reads old messages, and old code new ones. It is decided for exactly the keywords
that our schemas use; any other is refused, so that nothing passes that was not understood. Readers
pass over unknown properties, and where other teams' are refused, our reader is deployed first.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from schemas.subset import FIXED, Schema, inlined, unknown_keywords

Rule = Literal[
    "removed",
    "added-required",
    "became-required",
    "became-optional",
    "narrowed",
    "widened",
    "changed",
    "unknown-keyword",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise: where in the schema, which rule, and what to do about it."""

    path: str
    rule: Rule
    sentence: str


def findings(old: Schema, new: Schema) -> tuple[Finding, ...]:
    """What makes `new` incompatible with `old`, in either direction; nothing if it is not."""
    unknown = sorted({*unknown_keywords(old), *unknown_keywords(new)})
    if unknown:
        sentence = "the checker does not know what it promises; teach it, or do without"
        return tuple(Finding(path, "unknown-keyword", sentence) for path in unknown)
    return tuple(_compared(inlined(old), inlined(new), ""))


def _compared(old: Schema, new: Schema, path: str) -> Iterator[Finding]:
    for keyword in sorted(FIXED):
        before, after = (json.dumps(s.get(keyword), sort_keys=True) for s in (old, new))
        if before != after or (keyword in old) != (keyword in new):
            sentence = f"was {before}, is {after}; keep it, or write a new version"
            yield Finding(f"{path}/{keyword}", "changed", sentence)
    yield from _values(old, new, path)
    yield from _properties(old, new, path)
    yield from _branches(old, new, path)
    yield from _items(old, new, path)


def _values(old: Schema, new: Schema, path: str) -> Iterator[Finding]:
    if ("enum" in old) != ("enum" in new):
        rule: Rule = "narrowed" if "enum" in new else "widened"
        yield Finding(f"{path}/enum", rule, "a list of values came or went; keep it as it was")
        return
    before, after = (set(map(json.dumps, s.get("enum", ()))) for s in (old, new))
    for gone in sorted(before - after):
        yield Finding(f"{path}/enum", "narrowed", f"{gone} lies in the log; keep it")
    for added in sorted(after - before):
        yield Finding(f"{path}/enum", "widened", f"old readers refuse {added}; new version")


def _properties(old: Schema, new: Schema, path: str) -> Iterator[Finding]:
    before, after = old.get("properties", {}), new.get("properties", {})
    required_before, required_after = (set(s.get("required", ())) for s in (old, new))
    for name in sorted(before.keys() | after.keys()):
        where = f"{path}/properties/{name}"
        if name not in after:
            yield Finding(where, "removed", "its readers and the log keep it; leave it in")
        elif name not in before:
            if name in required_after:
                yield Finding(where, "added-required", "old messages lack it; give it a default")
        else:
            yield from _compared(before[name], after[name], where)
            if name in required_after - required_before:
                yield Finding(where, "became-required", "old messages may lack it")
            if name in required_before - required_after:
                yield Finding(where, "became-optional", "old readers need it")


def _branches(old: Schema, new: Schema, path: str) -> Iterator[Finding]:
    before, after = old.get("anyOf", ()), new.get("anyOf", ())
    if len(before) != len(after):
        sentence = "an alternative came or went; keep them, or write a new version"
        yield Finding(f"{path}/anyOf", "changed", sentence)
    for n, (was, is_) in enumerate(zip(before, after, strict=False)):
        yield from _compared(was, is_, f"{path}/anyOf/{n}")


def _items(old: Schema, new: Schema, path: str) -> Iterator[Finding]:
    if ("items" in old) != ("items" in new):
        yield Finding(f"{path}/items", "changed", "came or went; keep it, or write a new version")
    elif "items" in old:
        yield from _compared(old["items"], new["items"], f"{path}/items")
