"""Rules between the parts of a playbook: everything that no part can know of itself."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from engagement.playbook.answerable import finished, unanswerable
from engagement.playbook.cadence import disordered
from engagement.playbook.experiment import unmade
from engagement.playbook.model import broken
from engagement.playbook.parts import PARTS, closed, untimely
from engagement.playbook.ruleset import misruled
from engagement.playbook.team import astray
from engagement.playbook.until import beyond

if TYPE_CHECKING:
    from engagement.playbook.playbook import Playbook

Found = Iterator[PydanticCustomError]


def misfits(playbook: "Playbook") -> Found:
    """Everything that does not fit together; a step of a block is told once for each rule."""
    yield from _cadences(playbook)
    yield from _repeated("cadences", "name", [cadence.name for cadence in playbook.cadences])
    yield from _repeated("results", "code", [result.code for result in playbook.results])
    yield from _repeated("teams", "name", [team.name for team in playbook.teams or ()])
    yield from misruled(playbook.rulesets or (), tuple(playbook.cadence))
    yield from unmade(playbook.experiments or (), playbook.cadence, playbook.ruleset)
    known = dict.fromkeys((playbook.team, *(team.name for team in playbook.teams or ())))
    yield from astray(playbook.routing or (), known)
    yield from _entry(playbook)


def _cadences(playbook: "Playbook") -> Found:
    parts, hours = playbook.parts or PARTS, playbook.calendar.hours
    for index, cadence in enumerate(playbook.cadences):
        at = "cadences", index
        for rule in (
            disordered(cadence, *at),
            beyond(cadence, *at),
            unanswerable(cadence.placed, *at),
            finished(cadence.placed, playbook.ruleset[cadence.name], *at),
            untimely(cadence, parts, hours, *at),
            closed(cadence, parts, playbook.calendar, *at),
        ):
            yield from once(rule)


def once(found: Found) -> Found:
    """The first of them at each place: of a block, each time says the same again."""
    told: set[tuple[str | int, ...]] = set()
    for one in found:
        at = (one.context or {})["at"]
        if at not in told:
            told.add(at)
            yield one


def _repeated(part: str, key: str, values: Sequence[str]) -> Found:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield broken(f"{key} {value} is used twice", f"rename one {key}", part, index, key)


def _entry(playbook: "Playbook") -> Found:
    last = len(playbook.entry) - 1
    for index, rule in enumerate(playbook.entry):
        yield from _unknown("cadence", rule.cadence, playbook.cadence, index)
        yield from _unknown("experiment", rule.experiment, playbook.experiment, index)
        if (rule.when is None) != (index == last):
            yield broken(
                "the last entry rule, and only the last, takes every lead",
                "leave `when` out in the last one, and give every other one a `when`",
                *("entry", index),
            )


def _unknown(kind: str, name: str | None, known: Collection[str], index: int) -> Found:
    if name is not None and name not in known:
        fix = f"use one of: {', '.join(known)}" if known else f"add one under `{kind}s`"
        yield broken(f"no such {kind}", fix, "entry", index, kind)
