"""`touchline playbook diff`: what another version changes, and whose touches shift."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from cli.playbook import app
from engagement.playbook import Playbook
from engagement.playbook.difference import Change, changes
from tests.unit.cadence.facts import PLAYBOOK, ruled
from tests.unit.playbook.seed import SEED, TEXT

ENTERED = ("--entered", "2026-03-27T16:00Z")
RULED = ruled()


def edited(playbook: Playbook = RULED, **parts: Any) -> Playbook:
    known = playbook.model_dump(mode="json", exclude_none=True)
    return Playbook.model_validate({**known, **parts})


def known(playbook: Playbook = RULED) -> dict[str, Any]:
    return playbook.model_dump(mode="json", exclude_none=True)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["diff", *(str(one) for one in arguments), *ENTERED])


def test_a_playbook_does_not_differ_from_itself() -> None:
    assert changes(PLAYBOOK, edited(PLAYBOOK)) == ()


def test_keys_are_told_by_their_part_in_the_playbook_s_words() -> None:
    calendar = known()["calendar"] | {"hours": "10:00-18:00", "lunch": "12:00-13:00"}
    assert changes(RULED, edited(calendar=calendar, team="outbound")) == (
        Change("playbook", "team", "inbound", "outbound"),
        Change("calendar", "hours", "09:00-17:00", "10:00-18:00"),
        Change("calendar", "lunch", None, "12:00-13:00"),
    )


def test_results_and_rulesets_are_found_by_their_names() -> None:
    results = [one for one in known()["results"] if one["code"] != "BACK"]
    (busy,) = [one for one in results if one["code"] == "BUSY"]
    busy["minutes"] = 60
    rulesets = [{"name": "inbound", "caps": {"per_week": 4}}]
    gone = next(one for one in known()["results"] if one["code"] == "BACK")
    assert changes(RULED, edited(results=results, rulesets=rulesets)) == (
        Change("result BUSY", "minutes", 30, 60),
        Change("result BACK", "", gone, None),
        Change("ruleset inbound", "caps", None, {"per_week": 4}),
    )


def test_a_part_that_only_one_of_them_has_is_told_whole() -> None:
    (ruleset,) = known()["rulesets"]
    without = {key: value for key, value in known().items() if key != "rulesets"}
    assert changes(Playbook.model_validate(without), RULED) == (
        Change("ruleset inbound", "", None, ruleset),
    )


def test_a_step_put_in_between_moves_no_other() -> None:
    (cadence,) = known()["cadences"]
    text = {"day": 3, "channel": "sms", "activity": "Text"}
    more = [*cadence["steps"][:2], text, *cadence["steps"][2:]]
    assert changes(RULED, edited(cadences=[cadence | {"steps": more}])) == (
        Change("cadence nine-in-eighteen, step 3", "", None, text),
    )


def test_a_step_that_moved_is_told_by_both_numbers() -> None:
    (cadence,) = known()["cadences"]
    fewer = [cadence["steps"][0], *cadence["steps"][2:]]
    fewer[1] = fewer[1] | {"part": "morning"}
    removed, moved = changes(RULED, edited(cadences=[cadence | {"steps": fewer}]))
    assert (removed.part, removed.new) == ("cadence nine-in-eighteen, step 2", None)
    assert moved == Change("cadence nine-in-eighteen, step 3, now 2", "part", None, "morning")


def test_entry_rules_are_told_by_whom_they_take_and_in_which_order() -> None:
    cadences = [*known()["cadences"], known()["cadences"][0] | {"name": "other"}]
    shop = {"when": {"source": "shopify"}, "cadence": "other"}
    german = {"when": {"country": "DE"}, "cadence": "other"}
    (rest,) = known()["entry"]
    one = edited(cadences=cadences, entry=[shop, german, rest])
    two = edited(cadences=cadences, entry=[german, shop | {"cadence": rest["cadence"]}, rest])
    assert changes(one, two) == (
        Change("entry", "source shopify", "other", rest["cadence"]),
        Change(
            "entry",
            "order",
            ["source shopify", "country DE", "every lead"],
            ["country DE", "source shopify", "every lead"],
        ),
    )


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The seed's playbook, and one that calls an hour later."""
    later = yaml.safe_load(TEXT)
    later["calendar"]["hours"] = "10:00-17:00"
    (tmp_path / "now.yaml").write_text(TEXT)
    (tmp_path / "later.yaml").write_text(yaml.safe_dump(later))
    return tmp_path / "now.yaml", tmp_path / "later.yaml"


def test_leads_whose_touches_shift_are_shown_with_the_shift_of_each(
    files: tuple[Path, Path],
) -> None:
    shown = run(*files, "--lead", "Asia/Kolkata IN").stdout.splitlines()
    assert shown[1] == "  calendar: hours: 09:00-17:00 -> 10:00-17:00"
    assert shown[3] == "nine-in-eighteen, Asia/Kolkata IN:"
    assert shown[7].split()[:11] == [
        "3", "Tue", "2026-03-31", "09:00+0530", "3", "Tue", "2026-03-31", "10:00+0530",
        "+1", "h", "call",
    ]  # fmt: skip


def test_a_shift_is_told_in_days_hours_and_minutes(files: tuple[Path, Path]) -> None:
    old, new = files
    later = yaml.safe_load(TEXT)
    later["cadences"][0]["steps"][8]["day"] += 1
    later["calendar"]["hours"] = "10:30-17:00"
    new.write_text(yaml.safe_dump(later))

    shown = run(old, new, "--lead", "Asia/Kolkata IN").stdout.splitlines()

    assert any("  +1 d 1 h 30 min  email " in line for line in shown)


def test_who_is_not_touched_otherwise_is_only_named() -> None:
    shown = run(SEED, SEED, "--lead", "US-NY", "--lead", "Europe/Berlin").stdout.splitlines()
    assert shown[2:] == [
        "No touch shifts for: nine-in-eighteen US-NY, nine-in-eighteen Europe/Berlin"
    ]


def test_machines_are_told_shifts_in_seconds(files: tuple[Path, Path]) -> None:
    (found,) = json.loads(run(*files, "--json").stdout)
    assert found["old"] == PLAYBOOK.digest
    assert {one["lead"] for one in found["leads"]} >= {"Europe/Berlin DE", "Asia/Kolkata IN"}
    assert [touch["shift_seconds"] for touch in found["leads"][0]["touches"]][:3] == [
        0,
        3600,
        3600,
    ]


def test_folders_are_compared_by_the_names_of_their_playbooks(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, names in ((old, ("kept", "gone")), (new, ("kept", "fresh"))):
        folder.mkdir()
        for name in names:
            (folder / f"{name}.yaml").write_text(
                TEXT.replace("name: seed-9-in-18", f"name: {name}")
            )
    found = json.loads(run(old, new, "--json").stdout)
    assert [(one["playbook"], bool(one["old"]), bool(one["new"])) for one in found] == [
        ("fresh", False, True),
        ("gone", True, False),
        ("kept", True, True),
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--lead", "Mars/Base DE"), "not an IANA time zone"),
        (("--lead", "nowhere"), "not a country or region"),
    ],
)
def test_a_lead_that_is_nowhere_is_refused(arguments: tuple[str, ...], told: str) -> None:
    result = run(SEED, SEED, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr
