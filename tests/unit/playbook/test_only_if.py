"""Conditions of steps that say nothing, or that nothing could ever meet, are refused."""

import pytest

from engagement.playbook.faults import Fault, PlaybookError
from engagement.playbook.reading import from_yaml
from tests.unit.playbook.seed import TEXT, line_of, with_

CONTINUE = "rulesets: [{name: all, reply_elsewhere: continue}]\n"


def asking(condition: str, day: int = 7, more: str = CONTINUE) -> str:
    """The shipped playbook, whose step of this day is taken only if this holds."""
    return with_(f"{{day: {day}, channel", f"{{only_if: {condition}, day: {day}, channel") + more


@pytest.mark.parametrize(
    "condition",
    [
        "{opened: true, clicked: false}",
        "{accepted: true}",
        "{replied: email, not_replied: call}",
        "{opened_on: email, not_clicked_on: email}",
        "{country: DE, region: BY, mail: free, score_at_least: 50, source: web, campaign: x}",
    ],
)
def test_a_condition_is_read_and_kept(condition: str) -> None:
    playbook = from_yaml(asking(condition), "book.yaml")
    assert type(playbook).from_content(playbook.content) == playbook
    asked = playbook.cadences[0].steps[4].only_if
    assert asked is not None
    told = condition.strip("{}").split(", ")
    assert sorted(asked.text.split(", ")) == sorted(told)


@pytest.mark.parametrize(
    ("condition", "day", "more", "path", "told"),
    [
        ("{}", 7, CONTINUE, "steps[4].only_if", ("no condition", "leave the key out")),
        ("{open: true}", 7, CONTINUE, "only_if.open", ("unknown key", "clicked, accepted")),
        ("{opened: 1}", 7, CONTINUE, "only_if.opened", ("neither true nor", "true or false")),
        ("{replied: fax}", 7, CONTINUE, "only_if.replied", ("known words", "'email'")),
        ("{score_at_least: 101}", 7, CONTINUE, "score_at_least", ("too large", "100 or less")),
        (
            "{replied: email, not_replied: email}",
            7,
            CONTINUE,
            "only_if.replied",
            ("both wanted and unwanted", "one of them"),
        ),
        (
            "{opened_on: email, not_opened_on: email}",
            7,
            CONTINUE,
            "only_if.opened_on",
            ("both wanted and unwanted", "one of them"),
        ),
        ("{opened_on: sms}", 7, CONTINUE, "only_if.opened_on", ("no message", "before")),
        ("{opened_on: call}", 7, CONTINUE, "only_if.opened_on", ("known words", "'sms'")),
        ("{accepted: true}", 3, CONTINUE, "only_if.accepted", ("no connection request", "before")),
        ("{replied: email}", 7, "", "only_if.replied", ("ends this cadence", "continue or pause")),
    ],
)
def test_a_condition_that_nothing_could_meet_is_refused(
    condition: str, day: int, more: str, path: str, told: tuple[str, str]
) -> None:
    rule, fix = told
    with pytest.raises(PlaybookError) as error:
        from_yaml(asking(condition, day, more), "book.yaml")
    (found,) = error.value.faults
    assert found.path.endswith(path)
    assert rule in found.rule
    assert fix in found.fix
    assert found.line == line_of(f"{{day: {day}, channel")


def test_an_opened_message_was_sent_before() -> None:
    first = with_("{day: 1, channel: call", "{only_if: {opened: true}, day: 1, channel: call")
    with pytest.raises(PlaybookError) as error:
        from_yaml(first, "book.yaml")
    found: Fault = error.value.faults[0]
    assert found.path == "cadences[0].steps[0].only_if.opened"
    assert found.rule == "no message comes before it that could be opened"


def test_a_playbook_without_conditions_keeps_its_content() -> None:
    playbook = from_yaml(TEXT, "book.yaml")
    assert "only_if" not in playbook.content
    assert not playbook.cadences[0].conditional
