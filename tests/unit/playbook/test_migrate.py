"""`touchline playbook migrate`: who stays, who moves, and whose touch shifts."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.playbook import app
from engagement.cadence.facts import Cause
from engagement.playbook import Playbook
from schemas.envelope import Event
from schemas.events.fact import Fact
from tests.unit.cadence.facts import (
    LEAD,
    at,
    created,
    moved,
    opted_out,
    paused,
    plan,
    published,
    touched,
)
from tests.unit.cadence.versions import version

ENTRY = created("03-03 10:00", "Europe/Berlin")
ABCD, LATE = version("abcd"), version("abcd", {"b": {"part": "afternoon"}})


@dataclass
class World:
    """The log that the command reads, the moment, and what it sends to ingest."""

    log: list[tuple[int, Event[Any]]] = field(default_factory=list)
    sent: list[tuple[str, list[dict[str, Any]], str]] = field(default_factory=list)

    def hears(self, *facts: Event[Fact] | Cause, partition: int = 0) -> None:
        self.log += [(partition, fact) for fact in facts]

    def send(self, _: str, url: str, __: str, content: str, **headers: str) -> None:
        self.sent.append((url, json.loads(content), headers["idempotency-key"]))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A lead who was called once, in ABCD, while LATE is in force."""
    world = World()
    world.hears(published(ABCD), ENTRY, touched("03-03 10:03", plan(ENTRY, 1)), published(LATE))
    monkeypatch.setattr("cli.playbook_migrate.history", lambda *_: iter(world.log))
    monkeypatch.setattr("cli.playbook_migrate.now", lambda: at("03-03 12:00"))
    monkeypatch.setattr("cli.playbook_migrate.asked", world.send)
    return world


def run(*arguments: str) -> Result:
    told = ["migrate", "--bootstrap", "broker:9092", *arguments]
    return CliRunner().invoke(app, told, env={"OPERATOR_KEY": "key"})


def looked(*arguments: str) -> list[dict[str, Any]]:
    result = run(*arguments, "--dry-run", "--json")
    assert result.exit_code == 0, result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_a_touch_that_shifts_is_shown_by_the_clock_of_its_lead(world: World) -> None:
    shown = run("--from", ABCD.digest[:12], "--to", "live", "--dry-run").stdout.splitlines()
    assert shown[1].split() == [
        str(LEAD), "nine-in-eighteen", "shifts",
        "2", "Tue", "2025-03-04", "09:00+0100", "2", "Tue", "2025-03-04", "13:00+0100",
    ]  # fmt: skip
    assert shown[-1] == "0 stay; 0 move and keep their touch; 1 move and get another one"
    assert world.sent == []


def test_a_touch_that_stays_as_it_is_moves_with_its_lead(world: World) -> None:
    longer = version("abcde")
    world.hears(published(longer))
    (found,) = looked("--from", "all", "--to", longer.digest)
    assert (found["verdict"], found["before"]) == ("moves", found["after"])


@pytest.mark.parametrize(
    ("target", "arguments", "why"),
    [
        (LATE, ("--from", LATE.digest, "--to", "live"), f"it is on {ABCD.digest[:12]}"),
        (LATE, ("--from", "all", "--to", ABCD.digest), "it is there already"),
        (
            LATE,
            ("--from", "all", "--to", "live", "--only-returning"),
            f"it entered with {ABCD.digest[:12]}",
        ),
        (version("a"), ("--from", "all", "--to", "live"), "no touch is left for it there"),
    ],
)
def test_who_stays_is_told_why(
    world: World, target: Playbook, arguments: tuple[str, ...], why: str
) -> None:
    world.hears(published(target))
    (found,) = looked(*arguments)
    assert (found["verdict"], found["why"], found["after"]) == ("stays", why, None)


def test_a_cadence_may_be_called_otherwise_there(world: World) -> None:
    known = LATE.model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["name"] = known["entry"][0]["cadence"] = "ten"
    world.hears(published(Playbook.model_validate(known)))
    (found,) = looked("--from", "all", "--to", "live")
    assert found["why"] == (
        "no cadence nine-in-eighteen there; name one by --cadence nine-in-eighteen=NAME"
    )
    (found,) = looked("--from", "all", "--to", "live", "--cadence", "nine-in-eighteen=ten")
    assert found["verdict"] == "shifts"


def test_a_move_that_is_on_its_way_is_not_sent_twice(world: World) -> None:
    world.hears(moved("03-03 12:00", ENTRY, LATE))
    (found,) = looked("--from", "all", "--to", ABCD.digest)
    assert (found["verdict"], found["why"]) == ("stays", "it was moved later than now")


def test_a_paused_lead_moves_without_a_touch(world: World) -> None:
    world.hears(paused("03-03 11:00"))
    (found,) = looked("--from", "all", "--to", "live")
    assert (found["verdict"], found["before"], found["after"]) == ("moves", None, None)


def test_a_lead_in_no_cadence_is_not_named(world: World) -> None:
    world.hears(opted_out("03-03 11:00"))
    assert looked("--from", "all", "--to", "live") == []


def test_each_partition_goes_by_its_own_log(world: World) -> None:
    world.hears(published(LATE), partition=1)
    world.hears(created("03-03 10:30"), partition=2)  # no playbook there: refused, in quarantine
    assert len(looked("--from", "all", "--to", "live")) == 1


def test_moves_are_sent_with_what_the_lead_entered_with(world: World) -> None:
    result = run("--from", "all", "--to", "live", "--ingest", "http://ingest/")
    assert result.exit_code == 0
    ((url, (move,), key),) = world.sent
    assert url == "http://ingest/v1/enrolment-moves"
    assert key == "2025-03-03T12:00:00+00:00/0"
    assert move["playbook_digest"] == LATE.digest
    assert move["features"]["time_zone"] == "Europe/Berlin"
    assert {"lead_id", "enrolment_id", "cadence"} < move.keys()


def test_who_came_by_a_move_goes_back_and_nobody_else(world: World) -> None:
    world.hears(moved("03-03 11:00", ENTRY, LATE))
    (found,) = looked("--from", LATE.digest[:8], "--to", ABCD.digest[:8], "--only-returning")
    assert (found["verdict"], found["after"]["not_before"]) == ("shifts", "2025-03-04T08:00:00Z")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--from", "all", "--to", "live"), "--ingest: say where"),
        (("--from", "all", "--to", "nothing", "--dry-run"), "--to nothing: was never published"),
        (("--from", "", "--to", "live", "--dry-run"), "fits several; use one of: seed-9-in-18"),
        (
            ("--from", "all", "--to", "live", "--cadence", "ten", "--dry-run"),
            "not two names; write OLD=NEW",
        ),
    ],
)
def test_what_cannot_be_done_is_told(world: World, arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, world.sent) == (1, [])
    assert told in result.stderr
