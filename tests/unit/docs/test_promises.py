"""Every promise on the delivery page names tests that exist."""

import ast
import re

import pytest

from tests.unit.docs.pages import ROOT, codes

NAMED = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
PROMISES = sorted({code for code in codes(ROOT / "docs/delivery.md") if NAMED.fullmatch(code)})


def test_the_page_names_tests() -> None:
    assert PROMISES


@pytest.mark.parametrize("promise", PROMISES)
def test_the_named_test_exists(promise: str) -> None:
    file, _, test = promise.partition("::")
    assert (ROOT / file).is_file(), f"there is no {file}"
    assert test in _functions((ROOT / file).read_text())


def _functions(source: str) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
