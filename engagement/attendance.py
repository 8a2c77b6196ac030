"""Who is absent, folded from the log alone.

Each fact tells the moment from which it holds; silence is told a moment after it began. So the
question is asked of a moment, and answered by all facts that hold then, wherever they lie.
"""

from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from engagement.playbook.team import WorkingHours
from schemas.events.people import (
    RepClockedIn,
    RepClockedOut,
    RepFact,
    RepFellSilent,
    RepHoursFact,
    RepHoursSet,
    RepPaused,
    TeamFact,
    TimeOffFact,
    TimeOffRemoved,
    TimeOffSet,
)

Standing = Literal["clocked-in", "paused", "left", "silent"]


class Since(NamedTuple):
    """What a rep does from `at` on; `heard` numbers the facts, as several may hold from one
    moment."""

    at: datetime
    heard: int
    standing: Standing
    team: str


@dataclass(frozen=True, slots=True)
class Off:
    """A time off, as it was known from `set_at` on."""

    told: TimeOffSet
    removed_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it kept anybody from work at this moment, as far as was known then."""
        known = self.told.occurred_at <= at and (self.removed_at is None or at < self.removed_at)
        return known and self.told.begins_at <= at < self.told.ends_at


class Shift(NamedTuple):
    """The rep's own hours from `at` on; none: the team's."""

    at: datetime
    hours: WorkingHours | None


@dataclass(slots=True)
class Attendance:
    """Every fact about people, in any order that keeps each team's."""

    reps: dict[str, list[Since]] = field(default_factory=dict)
    offs: dict[UUID, Off] = field(default_factory=dict)
    shifts: dict[tuple[str, str], list[Shift]] = field(default_factory=dict)
    heard: int = 0

    def apply(self, fact: TeamFact) -> None:
        """Hear the next fact."""
        self.heard += 1
        match fact:
            case TimeOffFact():
                self._off(fact)
            case RepHoursFact():
                shift = Shift(fact.occurred_at, _hours(fact))
                self.shifts.setdefault((fact.team, fact.rep_id), []).append(shift)
            case RepFact():
                since = Since(fact.occurred_at, self.heard, standing(fact), fact.team)
                insort(self.reps.setdefault(fact.rep_id, []), since)
            case _:
                pass

    def absent(self, team: str, at: datetime) -> Mapping[str, bool]:
        """Reps of the team whose own touches were everybody's at this moment, as they had left, or
        were silent, had time off, or do not work at this hour; true of those whose promised calls
        were so too."""
        gone = dict.fromkeys(self._gone(team, at), False)
        known = (*self._off_work(team, at), *self._outside_hours(team, at))
        return gone | dict.fromkeys(known, True)

    def _gone(self, team: str, at: datetime) -> Iterator[str]:
        for rep_id, past in self.reps.items():
            last = max((one for one in past if one.at <= at), default=None)
            if last and last.team == team and last.standing in ("left", "silent"):
                yield rep_id

    def _off_work(self, team: str, at: datetime) -> Iterator[str]:
        for off in self.offs.values():
            if off.told.team == team and off.told.rep_id and off.holds(at):
                yield off.told.rep_id

    def _outside_hours(self, team: str, at: datetime) -> Iterator[str]:
        for (of, rep_id), past in self.shifts.items():
            known = [shift.hours for shift in past if shift.at <= at] if of == team else []
            if known and known[-1] and not known[-1].hold(at):
                yield rep_id

    def _off(self, fact: TimeOffFact) -> None:
        known = self.offs.get(fact.time_off_id)
        match fact:
            case TimeOffSet():
                self.offs[fact.time_off_id] = Off(fact)
            case TimeOffRemoved() if known:
                self.offs[fact.time_off_id] = Off(known.told, fact.occurred_at)
            case _:
                pass


def standing(fact: RepFact) -> Standing:
    """What the rep does from this fact on."""
    match fact:
        case RepClockedIn():
            return "clocked-in"
        case RepPaused():
            return "paused"
        case RepClockedOut():
            return "left"
        case RepFellSilent():
            return "silent"
        case _:
            raise TypeError(f"{fact.type} says nothing of a rep's presence")


def _hours(fact: RepHoursFact) -> WorkingHours | None:
    if not isinstance(fact, RepHoursSet):
        return None
    return WorkingHours.model_validate(fact.model_dump(include={"time_zone", "days", "hours"}))
