"""`touchline playbook timeline` for a lead that is told: its features, its consent, its signs."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.playbook import app
from tests.unit.playbook.seed import TEXT

STEPS = """\
  - name: asking
    steps:
      - {day: 1, channel: email, activity: "E-mail"}
      - {day: 2, channel: call, activity: "Call", only_if: {opened: true}}
      - {day: 3, channel: sms, activity: "SMS"}
      - {day: 4, channel: call, activity: "Call the best", only_if: {score_at_least: 70}}
      - {day: 5, channel: email, activity: "Again", only_if: {opened: false}}
"""
ENTRY = """\
entry:
  - {when: {source: shop}, cadence: asking}
  - cadence: nine-in-eighteen
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    text = TEXT.replace("cadences:\n", f"cadences:\n{STEPS}")
    text = text.replace("entry:\n  - cadence: nine-in-eighteen\n", ENTRY)
    file = tmp_path / "asking.yaml"
    file.write_text(text)
    return file


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def turns(file: Path, *options: str) -> list[dict[str, Any]]:
    shop = ("--lead", "source=shop")
    result = run("timeline", file, "--entered", "2026-03-02T10:00Z", *shop, *options, "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def left_out(file: Path, *options: str) -> dict[int, str]:
    return {turn["step"]: turn["left_out"] for turn in turns(file, *options) if "left_out" in turn}


def test_a_lead_enters_the_cadence_that_is_its_own(file: Path) -> None:
    assert [turn["step"] for turn in turns(file)] == [1, 2, 3, 4, 5]
    assert len(turns(file, "--cadence", "nine-in-eighteen")) == 9


def test_a_touch_that_waits_for_a_sign_in_vain_is_not_made(file: Path) -> None:
    assert left_out(file) == {2: "only if opened: true", 4: "only if score_at_least: 70"}


def test_the_sign_that_is_given_lets_it_be_made_and_forbids_others(file: Path) -> None:
    assert left_out(file, "--seen", "opened", "--lead", "score=70") == {5: "only if opened: false"}


def test_a_touch_that_is_made_by_a_sign_comes_when_it_was_planned(file: Path) -> None:
    made = next(turn for turn in turns(file, "--seen", "opened") if turn["step"] == 2)
    assert (made["not_before"], made["due_at"]) == ("2026-03-03T09:00:00Z", "2026-03-03T17:00:00Z")


def test_a_channel_that_is_denied_is_left_out(file: Path) -> None:
    told = left_out(file, "--seen", "opened", "--lead", "score=90", "--lead", "consent.sms=denied")
    assert told == {3: "consent-denied", 5: "only if opened: false"}


def test_people_read_why_a_step_is_left_out(file: Path) -> None:
    result = run(
        *("timeline", file, "--entered", "2026-03-02T10:00Z"),
        *("--lead", "source=shop", "--lead", "consent.sms=denied"),
    )
    lines = result.stdout.splitlines()
    assert lines[2].split(maxsplit=5) == ["2", "2", "left", "out", "call", "only if opened: true"]
    assert lines[3].split() == ["3", "2", "left", "out", "sms", "consent-denied"]


def test_a_lead_that_allows_nothing_enters_nothing(file: Path) -> None:
    denied = [f"--lead=consent.{channel}=denied" for channel in ("call", "email", "sms", "social")]
    result = run("timeline", file, "--entered", "2026-03-02", *denied)
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)
    assert "a channel that it denies" in result.stderr
    drawn = run("timeline", file, "--entered", "2026-03-02", *denied, "--plot", "x.svg")
    assert "no touch is made of this lead" in drawn.stderr


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--lead=score", "--lead score: not KEY=VALUE; the keys are source, campaign"),
        ("--lead=colour=red", "the keys are source, campaign"),
        ("--lead=score=high", "--lead score: write a whole number from 0 to 100"),
        ("--lead=score=101", "--lead score: write a whole number from 0 to 100"),
        ("--lead=mail=work", "--lead mail: write business or free"),
        ("--lead=language=German", "--lead language: write two letters such as de"),
        ("--lead=consent.sms=maybe", "--lead consent: write granted, denied or unknown"),
        ("--lead=consent.fax=denied", "consent.social"),
        ("--seen=bought", "--seen bought: no such sign; use one of opened, clicked, accepted"),
    ],
)
def test_what_no_lead_can_be_is_told(file: Path, option: str, told: str) -> None:
    result = run("timeline", file, "--entered", "2026-03-02", option)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr


def test_diff_takes_such_leads_as_well(file: Path) -> None:
    result = run(
        *("diff", file, file, "--entered", "2026-03-02", "--json"),
        *("--lead", "Europe/Berlin DE score=80 'campaign=Spring sale'"),
    )
    (found,) = json.loads(result.stdout)
    assert found["leads"][0]["lead"] == "Europe/Berlin DE score=80 'campaign=Spring sale'"
