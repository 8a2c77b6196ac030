"""What is committed is what the classes say, and a release is never broken."""

import json
import shutil
from pathlib import Path

import pytest

from schemas.codec import SCHEMA
from schemas.export import GENERATED, ROOT, main, outputs, stale, write
from schemas.history import RELEASED, broken, release, releases, text
from schemas.json_schema import messages, schemas
from schemas.topics import TOPICS


def test_the_committed_schemas_and_catalogue_are_current() -> None:
    assert stale(ROOT) == [], "run python -m schemas.export"


def test_no_release_is_broken() -> None:
    assert broken(RELEASED, schemas()) == {}, "add an optional field, or write a new version"


def test_every_message_class_was_released() -> None:
    assert {name for name, _, _ in releases(RELEASED)} == schemas().keys()


def test_a_schema_is_named_as_in_the_headers() -> None:
    for name, schema in schemas().items():
        type_, version = name.split(".v")
        assert schema["$id"] == f"{SCHEMA}{type_}:{version}"


def test_the_catalogue_names_every_topic_and_message() -> None:
    page = outputs()[Path("docs/events.md")]
    headings = [f"## {topic.name}" for topic in TOPICS]
    headings += [f"### {class_.type}" for _, class_ in messages()]
    assert set(headings) <= set(page.splitlines())


def test_the_catalogue_links_only_to_what_is_there() -> None:
    page = outputs()[Path("docs/events.md")]
    for line in page.split("](")[1:]:
        target = line.split(")")[0]
        if target.startswith("#"):
            assert f"\n### {target[1:]}\n" in page.lower()
        else:
            assert (ROOT / "docs" / target).exists()


def test_a_missing_a_changed_and_a_left_over_file_are_stale(tmp_path: Path) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []
    missing, changed = sorted(outputs())[:2]
    (tmp_path / missing).unlink()
    (tmp_path / changed).write_text("{}")
    left_over = GENERATED / "gone.v1.schema.json"
    (tmp_path / left_over).write_text("{}")
    assert stale(tmp_path) == sorted([missing, changed, left_over])
    write(tmp_path)
    assert stale(tmp_path) == []


def test_check_fails_with_the_stale_files_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"], tmp_path) == 1
    assert "docs/events.md is stale; run python -m schemas.export" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_writing_makes_the_check_pass(tmp_path: Path) -> None:
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0


def test_a_release_is_kept_once(tmp_path: Path) -> None:
    released = tmp_path / "released"
    assert main(["--release"], tmp_path, released) == 0
    assert {n for _, n, _ in releases(released)} == {1}
    assert release(released, schemas()) == []


def test_a_compatible_change_is_the_next_release(tmp_path: Path) -> None:
    new = schemas()["touch-lapsed.v1"]
    old = {**new, "description": "before"}
    release(tmp_path, {"touch-lapsed.v1": old})
    assert broken(tmp_path, {"touch-lapsed.v1": new}) == {}
    assert release(tmp_path, {"touch-lapsed.v1": new}) == [tmp_path / "touch-lapsed.v1/2.json"]
    assert [n for _, n, _ in releases(tmp_path)] == [1, 2]


def test_the_tenth_release_is_later_than_the_second(tmp_path: Path) -> None:
    for n in range(1, 11):
        (tmp_path / "a.v1").mkdir(exist_ok=True)
        (tmp_path / "a.v1" / f"{n}.json").write_text(text({"title": str(n)}))
    assert [n for _, n, _ in releases(tmp_path)] == list(range(1, 11))
    assert release(tmp_path, {"a.v1": {"title": "10"}}) == []


def test_a_breaking_release_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    released = tmp_path / "released"
    shutil.copytree(RELEASED, released)
    path = released / "touch-lapsed.v1" / "1.json"
    old = json.loads(path.read_text())
    old["properties"]["gone"] = {"type": "string"}
    path.write_text(text(old))
    assert main(["--release"], tmp_path, released) == 1
    assert "touch-lapsed.v1/1/properties/gone: removed: " in capsys.readouterr().err
    assert len(list(path.parent.iterdir())) == 1


def test_a_released_message_without_a_class_is_a_broken_promise(tmp_path: Path) -> None:
    release(tmp_path, {"lead-merged.v1": {"type": "object"}})
    assert [finding.rule for finding in broken(tmp_path, {})["lead-merged.v1/1"]] == ["removed"]
