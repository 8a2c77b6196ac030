"""Two versions of playbooks, and sample leads under both of them."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cli.sample_lead import features
from engagement import zones
from engagement.cadence.shift import Shift, shifts
from engagement.calendar.place import place
from engagement.playbook import Playbook
from engagement.playbook.difference import Change, changes

SAMPLES = (
    "Europe/Berlin DE",
    "Europe/London GB",
    "America/New_York US-NY",
    "America/Chicago US-AL",
    "America/Los_Angeles US-CA",
    "Asia/Kolkata IN",
    "Australia/Sydney AU-NSW",
)
"""Leads on whom time zones, holidays and calling hours tell."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One lead in one cadence, with all its touches; `shifted` if any of them differs."""

    cadence: str
    lead: str
    zone: str
    touches: tuple[Shift, ...]

    @property
    def shifted(self) -> bool:
        """Whether the lead is touched at another time, more often or less often."""
        return any(touch.by != timedelta(0) for touch in self.touches)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two playbooks of one name; nothing where one of the folders has none."""

    name: str
    old: Playbook | None
    new: Playbook | None
    changes: tuple[Change, ...]
    leads: tuple[Compared, ...]


def differences(
    was: Mapping[str, Playbook],
    is_: Mapping[str, Playbook],
    leads: Sequence[str],
    entered_at: datetime,
) -> Iterator[Difference]:
    """Each pair of playbooks of one name; two that stand alone are a pair under any name."""
    if len(was) == len(is_) == 1:
        (old,), (new,) = was.values(), is_.values()
        yield _difference(old, new, leads, entered_at)
        return
    for name in sorted({*was, *is_}):
        if name in was and name in is_:
            yield _difference(was[name], is_[name], leads, entered_at)
        else:
            yield Difference(name, was.get(name), is_.get(name), (), ())


def _difference(
    old: Playbook, new: Playbook, leads: Sequence[str], entered_at: datetime
) -> Difference:
    compared = tuple(
        _compared(old, new, cadence, lead, entered_at)
        for cadence in old.cadence
        if cadence in new.cadence
        for lead in leads
    )
    return Difference(new.name, old, new, changes(old, new), compared)


def _compared(
    old: Playbook, new: Playbook, cadence: str, lead: str, entered_at: datetime
) -> Compared:
    words = shlex.split(lead)
    pairs = [word for word in words if "=" in word]
    zone, where = _parts(" ".join(word for word in words if "=" not in word))
    told = features(zone, where, pairs)
    clock = place(told, new.calendar).time_zone
    return Compared(cadence, lead, clock, shifts(old, new, cadence, told, entered_at))


def _parts(lead: str) -> tuple[str | None, str | None]:
    """Zone and place; a single word is a zone if there is such a zone."""
    if not lead:
        return None, None
    first, _, second = lead.partition(" ")
    if second:
        return first, second
    return (first, None) if first in zones.names() else (None, first)
