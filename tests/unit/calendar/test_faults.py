"""A calendar that is wrong is refused with the place, the rule and the fix."""

import pytest
from jsonschema import Draft202012Validator

from engagement.playbook import Calendar
from engagement.playbook.faults import Fault, PlaybookError
from engagement.playbook.reading import from_yaml
from tests.unit.playbook.seed import TEXT, with_

HOURS = '  hours: "09:00-17:00"\n'


def fault(keys: str) -> Fault:
    """The one thing found wrong where the calendar has these keys too."""
    with pytest.raises(PlaybookError) as error:
        from_yaml(with_(HOURS, f"{HOURS}  {keys}\n"), "book.yaml")
    (found,) = error.value.faults
    return found


@pytest.mark.parametrize(
    ("keys", "path", "rule", "fix"),
    [
        ('hours_by_day: {sat: "10:00-14:00"}', ".hours_by_day.sat", "none of the days", "add it"),
        (
            'hours_by_day: {fri: "10:00"}',
            ".hours_by_day.fri",
            "not a part of a day",
            "09:00-17:00",
        ),
        ('hours_by_day: {friday: "10:00-14:00"}', ".hours_by_day.friday", "unknown", "mon, tue"),
        ('lunch: "13:00-12:00"', ".lunch", "ends before", "later"),
        ("lunch: 12", ".lunch", "not a part of a day", "in quotes"),
        ("team_days: [mon, mon]", ".team_days", "twice", "once"),
        ("team_days: []", ".team_days", "empty", "add one"),
        ("holidays: [Germany]", ".holidays[0]", "no holidays are known", "DE-BY"),
        ("holidays: [lead, DE-XX]", ".holidays[1]", "no such region of DE", "BB, BE, BW, BY"),
        ("holidays: [MX-SON]", ".holidays[0]", "no such region of MX", "none; leave it out"),
        ("closed: [2025-12-24, tomorrow]", ".closed[1]", "not a date", "2025-12-24"),
        ("closed: [20251224]", ".closed[0]", "not a date", "2025-12-24"),
        ("closed: [2025-12-24 10:00:00]", ".closed[0]", "not a date", "2025-12-24"),
        ("closed_days_count: false", ".closed_days_count", "no date is closed", "`closed`"),
        ("infer_zone: maybe", ".infer_zone", "known words", "true"),
        ("calling_rules: us", ".calling_rules", "known words", "us-states"),
        ("team_days: [sat, sun]", "", "never opens for a touch by email: team_days", "an hour"),
        ('lunch: "09:30-16:30"', "", "email: hours: 09:00-17:00", "an hour"),
    ],
)
def test_a_broken_rule_is_told_where_it_is_broken(
    keys: str, path: str, rule: str, fix: str
) -> None:
    found = fault(keys)
    assert found.path == f"calendar{path}"
    assert rule in found.rule
    assert fix in found.fix


@pytest.mark.parametrize(
    ("hours", "rule", "fix"),
    [
        ("22:00-06:00", "ends before it begins", "on the same day, at 23:59 at the latest"),
        ("09:00-09:00", "ends before it begins", "on the same day, at 23:59 at the latest"),
        ("09:00-09:30", "open for less than an hour", "close an hour later or more"),
    ],
)
def test_hours_that_pass_midnight_and_hours_too_short_are_told_apart(
    hours: str, rule: str, fix: str
) -> None:
    with pytest.raises(PlaybookError) as error:
        from_yaml(with_('hours: "09:00-17:00"', f'hours: "{hours}"'), "book.yaml")
    (found,) = error.value.faults
    assert (found.path, found.rule) == ("calendar.hours", rule)
    assert fix in found.fix


def test_hours_that_a_state_never_opens_are_refused() -> None:
    late = TEXT.replace('hours: "09:00-17:00"', 'hours: "18:00-21:00"\n  calling_rules: us-states')
    with pytest.raises(PlaybookError, match="by call in US-RI: calling_rules: US-RI 09"):
        from_yaml(late, "book.yaml")


def test_what_is_not_written_does_not_enter_the_digest() -> None:
    keys = "team_days: [mon]\n  closed: [2025-12-24]\n  holidays: [lead]"
    assert '"closed":["2025-12-24"]' in from_yaml(with_(HOURS, f"{HOURS}  {keys}\n"), "b").content
    calendar = '"calendar":{"days":["mon","tue","wed","thu","fri"],"hours":"09:00-17:00"'
    assert calendar + ',"time_zone":"Etc/UTC"}' in from_yaml(TEXT, "b").content


def test_an_editor_learns_hours_as_they_are_written() -> None:
    described = Calendar.model_json_schema()
    Draft202012Validator(described).validate(
        {"time_zone": "Etc/UTC", "hours": "09:00-17:00", "lunch": "12:00-12:30"}
    )
    wrong = {"time_zone": "Etc/UTC", "hours": "9-17", "hours_by_day": {"sat": "10:00"}}
    errors = Draft202012Validator(described).iter_errors(wrong)
    assert {error.json_path for error in errors} == {"$.hours", "$.hours_by_day"}
