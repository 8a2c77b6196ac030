"""Rules around a cadence: who may enter again, what ends or pauses it, how often it may touch."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from engagement.playbook.caps import Caps
from engagement.playbook.model import Model, Name, broken, refuse
from engagement.playbook.reaction import Reaction
from schemas.events.decision import Exit
from schemas.events.fact import Channel

ReEntry = Literal["allow", "only-if-inactive", "refuse"]
"""A lead that comes in again starts anew at once; only when its last enrolment is over; never."""


def _reaction(written: str) -> Reaction:
    return Reaction.model_validate(written)


class Ruleset(Model):
    """The rules of the cadences named; without `cadences`, of every cadence no other one names.

    A lead is in one cadence at a time, so that no rule has to keep two of them apart.
    """

    name: Name
    """What the ruleset is called."""
    cadences: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """The cadences that it is for; left out, every cadence that no other ruleset names."""
    re_entry: ReEntry = "only-if-inactive"
    """Whether a lead that comes in again starts anew."""
    stay_out_after: tuple[Exit, ...] = ()
    """After which exits a lead never enters again; `closed` stands for closed as anything."""
    reply: Reaction = Field(default_factory=lambda: _reaction("finish"))
    """What follows a reply on the channel of a touch that was made."""
    reply_elsewhere: Reaction = Field(default_factory=lambda: _reaction("finish"))
    """What follows a reply on another channel."""
    reply_colleague: Reaction | None = None
    """What follows a reply of another lead of the same company."""
    out_of_office: Reaction = Field(default_factory=lambda: _reaction("pause 3 days"))
    """What follows an automatic answer; a return date that it tells comes first."""
    out_of_office_most_days: Annotated[int, Field(strict=True, ge=1, le=365)] = 30
    """How long a pause for a lead out of office lasts at most."""
    meeting_booked: Reaction = Field(default_factory=lambda: _reaction("finish"))
    """What follows a meeting that was booked outside a touch."""
    bounced: Literal["skip-channel", "finish"] = "skip-channel"
    """What follows a message that came back."""
    opted_out: Literal["skip-channel", "finish"] | None = None
    """What an opt-out from one channel leads to; left out, its steps are skipped."""
    require_consent: tuple[Channel, ...] = ()
    """Channels on which a lead is touched only with a consent that was given."""
    caps: Caps | None = None
    """How often a lead is touched at most."""
    stale_after_days: Annotated[int, Field(strict=True, ge=1, le=30)] | None = None
    """On how many days of work a touch that a rep makes is given before it is given up."""

    @property
    def longest_absence(self) -> timedelta:
        """How long a pause for a lead out of office may last, whatever return it told."""
        return timedelta(days=self.out_of_office_most_days)

    @model_validator(mode="after")
    def _no_longer_than_the_longest(self) -> "Ruleset":
        days, most = self.out_of_office.days, self.out_of_office_most_days
        if days is not None and days > most:
            rule = f"pauses for {days} days, and an absence lasts {most} at most"
            fix = "write fewer days, or raise out_of_office_most_days"
            raise broken(rule, fix, "out_of_office")
        return self

    @model_validator(mode="after")
    def _distinct(self) -> "Ruleset":
        named = self.cadences or ()
        refuse(
            broken("a cadence is named twice", "name it once", "cadences", index)
            for index, name in enumerate(named)
            if name in named[:index]
        )
        return self


DEFAULT = Ruleset(name="default")
"""The rules of a cadence that no ruleset is for."""


def by_cadence(rulesets: Sequence[Ruleset], cadences: Sequence[str]) -> Mapping[str, Ruleset]:
    """The ruleset of each cadence."""
    others = next((one for one in rulesets if one.cadences is None), DEFAULT)
    named = {cadence: one for one in rulesets for cadence in one.cadences or ()}
    return MappingProxyType({cadence: named.get(cadence, others) for cadence in cadences})


def misruled(
    rulesets: Sequence[Ruleset], cadences: Sequence[str]
) -> Iterator[PydanticCustomError]:
    """The rulesets that cannot stand beside the others, or are for a cadence that is not there."""
    taken: set[str | None] = set()
    names: set[str] = set()
    for index, one in enumerate(rulesets):
        if one.name in names:
            yield broken(f"name {one.name} is used twice", "rename one", *_at(index, "name"))
        names.add(one.name)
        for cadence in one.cadences or (None,):
            yield from _misruled(cadence, taken, cadences, index)
            taken.add(cadence)


def _misruled(
    cadence: str | None, taken: set[str | None], cadences: Sequence[str], index: int
) -> Iterator[PydanticCustomError]:
    if cadence is not None and cadence not in cadences:
        fix = f"use one of: {', '.join(cadences)}"
        yield broken(f"no such cadence: {cadence}", fix, *_at(index, "cadences"))
    if cadence in taken:
        rule = f"{cadence or 'every other cadence'} has two rulesets"
        yield broken(rule, "let one ruleset be for each cadence", *_at(index, "cadences"))


def _at(index: int, key: str) -> tuple[str | int, ...]:
    return "rulesets", index, key
