"""Each way of breaking a reader is found, and told where."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from schemas.compatibility import findings
from schemas.history import RELEASED, releases
from schemas.json_schema import schemas
from schemas.subset import KEYWORDS, Schema
from tests.contract.instances import GENEROUS, allowed
from tests.contract.schema_changes import BREAKS, COMPATIBLE, OLD, UNKNOWN

EVERY_RELEASE = [(f"{name}/{n}", old, schemas()[name]) for name, n, old in releases(RELEASED)]
ACCEPTED = [*((case, OLD, new) for case, new in COMPATIBLE.items()), *EVERY_RELEASE]


@pytest.mark.parametrize("case", BREAKS)
def test_a_break_is_found_where_it_is(case: str) -> None:
    path, rule, new = BREAKS[case]
    assert [(finding.path, finding.rule) for finding in findings(OLD, new)] == [(path, rule)]


@pytest.mark.parametrize("case", BREAKS.keys() - {"removed"})
def test_a_break_is_one_in_the_other_direction_too(case: str) -> None:
    assert findings(BREAKS[case][2], OLD) != ()


@pytest.mark.parametrize("case", UNKNOWN)
def test_an_unknown_keyword_is_refused_on_either_side(case: str) -> None:
    new = UNKNOWN[case]
    for pair in ((OLD, new), (new, OLD), (new, new)):
        assert [(one.path, one.rule) for one in findings(*pair)] == [
            (f"/{case}", "unknown-keyword")
        ]


@pytest.mark.parametrize("case", COMPATIBLE)
def test_an_optional_addition_and_other_words_are_compatible(case: str) -> None:
    assert findings(OLD, COMPATIBLE[case]) == ()


@pytest.mark.parametrize(
    ("old", "new"), [one[1:] for one in ACCEPTED], ids=[a[0] for a in ACCEPTED]
)
@GENEROUS
@given(st.data())
def test_accepted_pairs_read_each_others_messages(
    old: Schema, new: Schema, drawn: st.DataObject
) -> None:
    for written, read in ((old, new), (new, old)):
        opened = {**read, "additionalProperties": True}
        Draft202012Validator(opened, format_checker=FormatChecker()).validate(
            drawn.draw(allowed(written))
        )


def test_true_is_not_one() -> None:
    assert findings({"const": 1}, {"const": True}) != ()


def test_a_definition_that_contains_itself_is_refused() -> None:
    a = {"$ref": "#/$defs/A"}
    endless = {"$defs": {"A": {"anyOf": [a]}}, "properties": {"a": a}}
    with pytest.raises(ValueError, match="A contains itself"):
        findings(endless, endless)


@pytest.mark.parametrize("name", schemas())
def test_a_schema_is_compatible_with_itself(name: str) -> None:
    assert findings(schemas()[name], schemas()[name]) == ()


def test_the_checker_knows_exactly_the_keywords_in_use() -> None:
    used: set[str] = set()

    def walk(part: Any) -> None:
        used.update(part)
        for below in ("$defs", "properties"):
            for one in part.get(below, {}).values():
                walk(one)
        for one in (*part.get("anyOf", ()), *([part["items"]] if "items" in part else ())):
            walk(one)

    for schema in schemas().values():
        walk(schema)
    assert used == KEYWORDS
