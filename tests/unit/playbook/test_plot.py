"""`touchline playbook timeline --plot`: the picture that a manager looks at."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from cli.playbook import app
from cli.timeline_picture import Cell, Picture, picture
from engagement.cadence.timeline import timeline
from engagement.playbook import Playbook
from schemas.events.fact import Features
from tests.unit.cadence.facts import at
from tests.unit.docs.pages import ROOT
from tests.unit.playbook.seed import SEED, TEXT

SHOWN = ROOT / "docs" / "timeline.svg"
COMMAND = ("timeline", SEED, "--entered", "2026-03-27T16:00Z", "--lead-zone", "Europe/Berlin")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def drawn(when: str, lead: Features, **calendar: object) -> Picture:
    """The picture of a call a day for four days, under such a calendar."""
    known = yaml.safe_load(TEXT)
    known["calendar"] |= calendar
    call = {"channel": "call", "activity": "Call"}
    known["cadences"][0]["steps"] = [{"day": day, **call} for day in (1, 2, 3, 4)]
    playbook = Playbook.model_validate(known)
    return picture(playbook, lead, tuple(timeline(playbook, lead, at(when))))


def test_the_picture_in_the_docs_is_what_the_command_draws(tmp_path: Path) -> None:
    """`touchline playbook timeline … --plot docs/timeline.svg`, as the page says, renews it."""
    for file in (tmp_path / "one.svg", tmp_path / "two.svg"):
        assert run(*COMMAND, "--plot", file).stdout == f"{file}\n"
        assert file.read_bytes() == SHOWN.read_bytes()


def test_a_png_is_the_same_twice(tmp_path: Path) -> None:
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    run(*COMMAND, "--plot", one)
    run(*COMMAND, "--plot", two)
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes().startswith(b"\x89PNG")


def test_a_day_shows_its_windows_and_why_the_rest_is_closed() -> None:
    german = Features(source="x", time_zone="Europe/Berlin", country="DE")
    shown = drawn("04-17 08:00", german, holidays=["lead"], lunch="12:00-13:00")
    (lane,) = shown.lanes
    assert [day.day for day in shown.days] == [17, 18, 19, 20, 21, 22, 23, 24]
    thursday, friday, saturday, _, monday, *_ = lane.cells
    assert thursday == Cell(((9.0, 12.0), (13.0, 17.0)), "quiet hours")
    assert friday == Cell((), "holiday")  # Good Friday, before Easter
    assert (saturday, monday) == (Cell((), "no working day"), Cell((), "holiday"))
    assert shown.title.endswith("Europe/Berlin, DE")


def test_a_touch_stands_in_its_day_at_its_hour() -> None:
    (lane,) = drawn("03-03 08:00", Features(source="x", time_zone="Asia/Kolkata")).lanes
    first, second, *_ = lane.marks
    assert (first.step, first.across, first.hour) == (1, 0.5, 13.5)
    assert (second.across, second.hour, second.due) == (1.5, 9, 17)


def test_touches_of_one_day_stand_side_by_side() -> None:
    playbook = Playbook.model_validate(
        yaml.safe_load(TEXT)
        | {
            "cadences": [
                {
                    "name": "nine-in-eighteen",
                    "steps": [{"day": 1, "channel": "call", "activity": "Call"}] * 3,
                }
            ]
        }
    )
    lead = Features(source="x")
    (lane,) = picture(playbook, lead, tuple(timeline(playbook, lead, at("03-03 08:00")))).lanes
    assert [mark.across for mark in lane.marks] == [0.25, 0.5, 0.75]


def test_what_the_law_forbids_is_told_apart_by_channel() -> None:
    alabama = Features(source="x", country="US", region="AL", time_zone="America/Chicago")
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    (lane,) = drawn("03-07 18:00", alabama, days=week, calling_rules="us-states").lanes
    assert lane.cells[2].rest == "forbidden by law"  # a Sunday


def test_the_day_of_a_clock_change_is_marked() -> None:
    berlin = Features(source="x", time_zone="Europe/Berlin")
    assert drawn("03-27 10:00", berlin).clock_changes == ((3, 1.0),)
    assert drawn("10-24 10:00", berlin).clock_changes == ((2, -1.0),)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--plot", "timeline.gif"), "end it in .svg or .png"),
        (("--lead-place", "Bavaria"), "write one such as DE or US-FL"),
    ],
)
def test_what_no_picture_can_be_made_of_is_told(arguments: tuple[str, ...], told: str) -> None:
    result = run(*COMMAND, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr


def test_without_matplotlib_the_way_to_install_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "cli.timeline_plot", raising=False)
    result = run(*COMMAND, "--plot", tmp_path / "x.svg")
    assert result.exit_code == 1
    assert "install touchline[plot]" in result.stderr


def test_no_other_command_waits_for_matplotlib() -> None:
    loaded = "import sys, cli.main; print('matplotlib' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert said.stdout == "False\n"
