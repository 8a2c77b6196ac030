"""What the doors say of themselves is committed, and names each refusal by its own status."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.openapi import FOLDER, ROOT, main, outputs, stale, write

DESCRIBED = {path.stem: json.loads(text) for path, text in outputs().items()}
REFUSALS = [
    pytest.param(answers, id=f"{method} {path}")
    for document in DESCRIBED.values()
    for path, item in document["paths"].items()
    for method, operation in item.items()
    for answers in [operation["responses"]]
]


def test_the_committed_descriptions_are_current() -> None:
    assert stale(ROOT) == [], "run python -m deploy.openapi"


def test_all_four_doors_are_described_as_openapi_3_1() -> None:
    assert DESCRIBED.keys() == {"ingest", "prioritizer", "handoff", "sender"}
    assert all(document["openapi"].startswith("3.1") for document in DESCRIBED.values())


@pytest.mark.parametrize("answers", REFUSALS)
def test_each_answer_has_its_own_status_and_each_refusal_is_a_problem(
    answers: dict[str, Any],
) -> None:
    assert all(status.isdecimal() for status in answers)
    assert {"500", "503"} <= answers.keys()
    refusals = [answer for status, answer in answers.items() if status >= "400"]
    problem = {"$ref": "#/components/schemas/Problem"}
    assert all(
        one["content"] == {"application/problem+json": {"schema": problem}} for one in refusals
    )


def test_what_asks_for_a_credential_says_how_it_refuses_others() -> None:
    operations = [
        operation
        for document in DESCRIBED.values()
        for item in document["paths"].values()
        for operation in item.values()
        if "security" in operation
    ]
    assert operations
    assert all("401" in operation["responses"] for operation in operations)


def test_a_missing_a_changed_and_a_left_over_file_are_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    (tmp_path / FOLDER / "sender.json").unlink()
    (tmp_path / FOLDER / "ingest.json").write_text("{}")
    (tmp_path / FOLDER / "gone.json").write_text("{}")
    wrong = [FOLDER / f"{name}.json" for name in ("gone", "ingest", "sender")]
    assert stale(tmp_path) == wrong
    assert main(["--check"], tmp_path) == 1
    assert "docs/openapi/gone.json is stale; run" in capsys.readouterr().err
    write(tmp_path)
    assert stale(tmp_path) == []
