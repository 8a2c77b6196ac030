"""Everything wrong in a playbook is told with file, line, path, rule and fix."""

from pathlib import Path

import pytest

from engagement.playbook.faults import Fault, PlaybookError
from engagement.playbook.reading import from_yaml
from tests.unit.playbook.seed import SEED, TEXT, line_of, with_


def faults(text: str) -> tuple[Fault, ...]:
    """What is found wrong in the text; fails where nothing is."""
    with pytest.raises(PlaybookError) as error:
        from_yaml(text, "book.yaml")
    return error.value.faults


def fault(text: str) -> Fault:
    """The one thing found wrong in the text."""
    (found,) = faults(text)
    return found


def test_a_fault_reads_as_one_line() -> None:
    line = line_of("{day: 3,")
    told = f"book.yaml:{line}: cadences[0].steps[2].day: too small. Fix: use 1 or more."
    assert str(fault(with_("{day: 3,", "{day: 0,"))) == told


@pytest.mark.parametrize(
    ("old", "new", "path", "rule", "fix"),
    [
        ("team: inbound", "tame: inbound", "tame", "unknown key", "name, team, calendar"),
        ("{day: 4, channel", "{day: 4, chanel", "chanel", "unknown key", "day, channel"),
        ("code: SENT", "code: NO", "results[2].code", "not a text", "in quotes"),
        ("code: SENT", "code: ELEVENLONG1", "results[2].code", "must be", "match"),
        ('"Message sent"', '""', "results[2].label", "too short", "1 characters"),
        ("action: qualify", "action: win", "results[4].action", "known words", "'qualify'"),
        ("Etc/UTC", "Mars/Base", "calendar.time_zone", "IANA", "Europe/Berlin"),
        ('"09:00-17:00"', "17:00", "calendar.hours", "part of a day", "in quotes"),
        ('"09:00-17:00"', '"17:00-09:00"', "calendar.hours", "ends before", "later"),
        ('"09:00-17:00"', '"09:00-09:59"', "calendar.hours", "an hour", "later"),
        ("[mon, tue, wed, thu, fri]", "[mon, mon]", "calendar.days", "twice", "once"),
        ("[mon, tue, wed, thu, fri]", "[]", "calendar.days", "empty", "add one"),
        ("minutes: 5", "minutes: true", "speed_to_lead_minutes", "whole number", "whole"),
        ("minutes: 5", "minutes: 9999", "speed_to_lead_minutes", "too large", "1440 or less"),
        ("- cadence: nine-in-eighteen", "- cadence: ten", "entry[0].cadence", "no such", "nine-"),
        (
            "- cadence: nine-in-eighteen",
            "- {cadence: nine-in-eighteen, when: {source: x}}",
            "entry[0]",
            "takes every lead",
            "leave `when` out",
        ),
        (
            "- cadence: nine-in-eighteen",
            "- {cadence: nine-in-eighteen, when: {}}",
            "entry[0].when",
            "no condition",
            "name one",
        ),
        ("{day: 4,", "{day: 2,", "cadences[0].steps[3].day", "after day 3", "in the order"),
        ("name: nine-in-eighteen", "name: Nine", "cadences[0].name", "must be", "match"),
    ],
)
def test_a_broken_rule_is_told_where_it_is_broken(
    old: str, new: str, path: str, rule: str, fix: str
) -> None:
    found = next(one for one in faults(with_(old, new)) if path in one.path)
    assert found.file == "book.yaml"
    assert new in with_(old, new).splitlines()[found.line - 1]
    assert rule in found.rule
    assert fix in found.fix


def test_a_code_that_is_used_twice_is_told_at_its_second_use() -> None:
    found = fault(with_("code: SENT", "code: STOP"))
    assert (found.path, found.line) == ("results[8].code", line_of("code: STOP"))


def test_every_fault_is_told_at_once_in_the_order_of_lines() -> None:
    text = with_("{day: 3,", "{day: 0,").replace("action: close", "action: shut")
    assert [one.path for one in faults(text)] == [
        "cadences[0].steps[2].day",
        "results[6].action",
        "results[7].action",
    ]


def test_a_missing_key_is_told_at_what_it_is_missing_from() -> None:
    found = fault(with_(', label: "Message sent"', ""))
    assert (found.path, found.rule) == ("results[2].label", "the key is missing")
    assert found.line == line_of("code: SENT")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("name: [", "not YAML"),
        ("name: \x00", "not YAML"),
        ("a: 2024-99-99", "not YAML"),
        ("a: !!python/object:os.system {}", "not YAML"),
        ("a: 1\n---\na: 2", "not YAML"),
        ("[" * 5000, "not YAML"),
        ("- a list", "not keys with values"),
        ("a text", "not keys with values"),
    ],
)
def test_what_is_no_playbook_at_all_is_told(text: str, rule: str) -> None:
    assert rule in fault(text).rule
    assert fault(text).path == "(the whole file)"


def test_the_line_of_broken_yaml_is_told() -> None:
    assert fault(TEXT + "}\n").line == TEXT.count("\n") + 1


def test_a_key_that_is_there_twice_is_refused() -> None:
    found = fault(TEXT + "team: outbound\n")
    assert (found.path, found.rule) == ("team", "the key is there twice")
    assert found.line == TEXT.count("\n") + 1


def test_an_alias_that_contains_itself_is_refused() -> None:
    assert "a" in {one.path for one in faults("a: &a {b: *a}")}


def test_what_pydantic_finds_and_nobody_named_is_told_in_its_words() -> None:
    found = fault(TEXT + "1: x\n")
    assert (found.rule, found.fix) == ("Keys should be strings", "correct the value")


@pytest.mark.parametrize("file", sorted(SEED.parent.glob("*.yaml")), ids=lambda file: file.name)
def test_the_shipped_playbooks_are_right(file: Path) -> None:
    assert from_yaml(file.read_text(encoding="utf-8"), str(file)).name == file.stem
