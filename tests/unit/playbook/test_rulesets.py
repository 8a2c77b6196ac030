"""Rulesets and result codes: what is refused, and what a playbook without them stays."""

from typing import get_args

import pytest

from engagement.playbook.faults import Fault, PlaybookError
from engagement.playbook.reading import from_yaml
from engagement.playbook.ruleset import DEFAULT
from schemas.events.decision import Exit, ExitReason
from schemas.events.fact import Disposition
from tests.unit.playbook.seed import TEXT, with_


def fault(text: str) -> Fault:
    """The one thing found wrong in the text."""
    with pytest.raises(PlaybookError) as error:
        from_yaml(text, "book.yaml")
    (found,) = error.value.faults
    return found


@pytest.mark.parametrize(
    ("ruleset", "path", "rule", "fix"),
    [
        ("{name: a, replies: finish}", "rulesets[0].replies", "unknown key", "re_entry"),
        ("{name: a, reply: stop}", "rulesets[0].reply", "not a reaction", "pause 3 days"),
        ("{name: a, reply: pause 0 days}", "rulesets[0].reply", "not a reaction", "999"),
        ("{name: a, reply: 3}", "rulesets[0].reply", "not a reaction", "continue"),
        (
            "{name: a, out_of_office: pause 31 days}",
            "rulesets[0].out_of_office",
            "30 at most",
            "out_of_office_most_days",
        ),
        ("{name: a, re_entry: never}", "rulesets[0].re_entry", "known words", "refuse"),
        ("{name: a, stay_out_after: [won]}", "stay_out_after[0]", "known words", "bounced"),
        ("{name: a, require_consent: [fax]}", "require_consent[0]", "known words", "sms"),
        ("{name: a, caps: {per_day: 0}}", "rulesets[0].caps.per_day", "too small", "1 or more"),
        ("{name: a, caps: {sms: {per_year: 1}}}", "caps.sms.per_year", "unknown key", "per_week"),
        (
            "{name: a, caps: {gap_minutes: 60, email: {gap_minutes: 60}}}",
            "caps.email.gap_minutes",
            "no longer than the gap after any touch",
            "longer than",
        ),
        ("{name: a, caps: {email: {gap_minutes: 0}}}", "email.gap_minutes", "too small", "1 or"),
        ("{name: a, caps: {per_day: 3, per_week: 2}}", "caps", "less than a day", "raise"),
        ("{name: a, cadences: []}", "rulesets[0].cadences", "empty", "add one"),
        ("{name: a, cadences: [ten]}", "rulesets[0].cadences", "no such cadence", "nine-"),
        (
            "{name: a, cadences: [nine-in-eighteen, nine-in-eighteen]}",
            "rulesets[0].cadences[1]",
            "named twice",
            "once",
        ),
        (
            "{name: a, cadences: [nine-in-eighteen]}, {name: a}",
            "rulesets[1].name",
            "used twice",
            "rename",
        ),
        ("{name: a}, {name: b}", "rulesets[1].cadences", "has two rulesets", "one ruleset"),
    ],
)
def test_a_ruleset_that_cannot_be_followed_is_refused(
    ruleset: str, path: str, rule: str, fix: str
) -> None:
    found = fault(f"{TEXT}rulesets: [{ruleset}]\n")
    assert found.path.endswith(path)
    assert rule in found.rule
    assert fix in found.fix
    assert found.line == TEXT.count("\n") + 1


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ("action: retry-in", "needs one wait"),
        ("action: end-of-queue, minutes: 5, hours: 1", "needs one wait"),
        ("action: close, hours: 1", "waits for nothing"),
        ("action: retry-in, minutes: 0", "too small"),
    ],
)
def test_a_wait_is_given_where_there_is_one_and_nowhere_else(keys: str, rule: str) -> None:
    assert rule in fault(with_('sent", action: next-touch', f'sent", {keys}')).rule


@pytest.mark.parametrize(
    ("keys", "rule", "fix"),
    [
        ("action: close, exit: rude", "known words", "'bad-data', 'contact-later', 'conn"),
        ("action: close, exit: removed", "known words", "duplicate"),
        ("action: stop-trying, exit: bad-data", "stop-trying closes nothing", "action: close"),
        ("action: next-touch, exit: bad-data", "next-touch closes nothing", "leave it out"),
    ],
)
def test_only_a_code_that_closes_says_as_what_and_in_known_words(
    keys: str, rule: str, fix: str
) -> None:
    found = fault(with_('sent", action: next-touch', f'sent", {keys}'))
    assert rule in found.rule
    assert fix in found.fix
    assert found.path.endswith(".exit")


def test_a_lead_may_be_kept_out_after_each_exit_that_is_ever_told() -> None:
    words = ", ".join(get_args(Exit))
    playbook = from_yaml(
        f"{TEXT}rulesets: [{{name: a, stay_out_after: [{words}]}}]\n", "book.yaml"
    )
    assert playbook.ruleset["nine-in-eighteen"].stay_out_after == get_args(Exit)
    assert {*get_args(Exit)} == {*get_args(ExitReason), *get_args(Disposition), "removed"}


def test_each_cadence_has_the_ruleset_that_names_it_else_the_one_that_names_none() -> None:
    playbook = from_yaml(
        TEXT
        + "  - {code: BUSY, label: Busy, action: retry-in, minutes: 30}\n"
        + "rulesets:\n  - {name: mine, cadences: [nine-in-eighteen], reply: pause 2 days}\n"
        + "  - {name: others, reply: continue}\n",
        "book.yaml",
    )
    assert playbook.ruleset["nine-in-eighteen"].name == "mine"
    assert '"reply":"pause 2 days"' in playbook.content
    assert type(playbook).from_content(playbook.content) == playbook


def test_a_playbook_without_rulesets_keeps_its_content_and_follows_the_default() -> None:
    playbook = from_yaml(TEXT, "book.yaml")
    assert playbook.ruleset["nine-in-eighteen"] == DEFAULT
    assert "rulesets" not in playbook.content
    assert 'minutes":null' not in playbook.content
