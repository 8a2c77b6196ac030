"""The order of the queue: tiers, and what counts within each."""

from collections.abc import Collection, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from engagement.playbook.calendar import PartOfDay
from engagement.playbook.entry import Conditions
from engagement.playbook.model import Model, Name, broken
from schemas.events.fact import Channel, Features
from schemas.events.plan import Again, TouchPlanned

PLACES = 8
"""Tiers that a queue may have: the question reads each of them by an index of its own."""

MOST_BY_HOURS = 15
"""Minutes that the hour of a touch may weigh at most: the best and the worst calling hour differ
by about 2.5 points, so it breaks ties and overturns nothing."""

Anchor = Literal["entered", "opened", "not_before", "due", "planned"]
"""Since when a touch waits. entered: the lead came in. opened: its first touch might be made.
not_before: this one might be. due: it should have been. planned: the touch before was told."""

_Sentence = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00\r\n]*$")
]
_Windows = Annotated[
    tuple[Annotated[int, Field(strict=True, ge=1, le=10_080)], ...],
    Field(min_length=1, max_length=8),
]
_Attempts = Annotated[int, Field(strict=True, ge=0, le=1_000)]


class TouchConditions(Model):
    """What a planned touch must be; each condition given has to hold.

    `untouched`: nobody has touched the lead in this enrolment. `opens`: the touch opens in this
    part of the day, by the lead's clock.
    """

    again: Again | None = None
    """Why the step is planned once more."""
    untouched: Literal[True] | None = None
    """Nobody has touched the lead in this enrolment."""
    attempts_at_least: _Attempts | None = None
    """So many touches were made before, or more."""
    attempts_at_most: _Attempts | None = None
    """So many touches were made before, or fewer."""
    channel: Channel | None = None
    """By what the touch is made."""
    opens: PartOfDay | None = None
    """The part of the day in which the touch opens, by the lead's clock."""
    lead: Conditions | None = None
    """What the lead must be."""

    @model_validator(mode="after")
    def _conditional(self) -> "TouchConditions":
        if not self.model_dump(exclude_none=True):
            raise broken("no condition", "name one, or leave the key out")
        return self

    def __str__(self) -> str:
        """As people write it."""
        told = self.model_dump(mode="json", exclude_none=True)
        told |= told.pop("lead", {})
        return ", ".join(f"{name} {wanted}" for name, wanted in told.items())

    def hold(self, plan: TouchPlanned, features: Features) -> bool:
        """Whether this touch of a lead with these features is meant."""
        return (
            self.again in {None, plan.again}
            and (self.untouched is None or untouched(plan))
            and (self.attempts_at_least or 0) <= plan.attempts
            and (self.attempts_at_most is None or plan.attempts <= self.attempts_at_most)
            and self.channel in {None, plan.channel}
            and (self.opens is None or _within(self.opens, plan.local_time))
            and (self.lead is None or self.lead.hold(features))
        )


class Term(Model):
    """Touches for which `when` holds stand as if they had waited so many minutes longer."""

    name: Name
    """What the term is called in explanations."""
    when: TouchConditions
    """Which touches it is for."""
    minutes: Annotated[int, Field(strict=True, ge=-10_080, le=10_080)]
    """Minutes of waiting that it is worth; negative ones put a touch back."""

    @model_validator(mode="after")
    def _small_by_hours(self) -> "Term":
        if self.when.opens is not None and abs(self.minutes) > MOST_BY_HOURS:
            rule = "the hour of the day weighs too much"
            raise broken(rule, f"use {MOST_BY_HOURS} minutes or less", "minutes")
        return self


class Tier(Model):
    """Touches that are served before those of every tier below.

    Within it, the `first` to be served waits the longest, or not as long as any other; `by` says
    since when a touch waits, and `terms` add to it. `windows` are minutes within which it should
    be made; after the last one it goes to the tier `then`, where that is given. `urgent` touches
    are for the first rep who is free. `says` is why, in words.
    """

    name: Name
    """What the tier is called in lists, explanations and on the board."""
    when: TouchConditions | None = None
    """Which touches it is for; without it, for those that no other tier takes."""
    first: Literal["oldest", "newest"] = "oldest"
    """Whether the touch that waits longest comes first, or the newest."""
    by: Anchor = "due"
    """Since when a touch waits."""
    windows: _Windows | None = None
    """Minutes within which a touch should be made, the shortest first."""
    then: Name | None = None
    """The tier to which a touch goes on after the last window."""
    terms: Annotated[tuple[Term, ...], Field(min_length=1, max_length=20)] | None = None
    """What moves a touch within the tier."""
    urgent: Literal[True] | None = None
    """Lets the first rep who is free take its touches."""
    says: _Sentence | None = None
    """Why a touch of this tier is served where it is, as part of a sentence."""

    @model_validator(mode="after")
    def _windowed(self) -> "Tier":
        if self.then is not None and self.windows is None:
            raise broken("goes on after no window", "give `windows`, or leave `then` out", "then")
        if self.windows and list(self.windows) != sorted(set(self.windows)):
            raise broken("the windows do not rise", "write the shortest first", "windows")
        names = [term.name for term in self.terms or ()]
        if len(set(names)) < len(names):
            raise broken("a term is named twice", "rename one term", "terms")
        return self

    @property
    def sentence(self) -> str:
        """Why a touch of this tier is served where it is, as part of a sentence."""
        return self.says or f"{_FIRST[self.first]} comes first, {_BY[self.by]}"


class Queue(Model):
    """The tiers in the order of service. A touch is in the first whose `when` it meets.

    One tier has no `when`, and takes what no other one takes.
    """

    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=PLACES)]
    """The tiers, the first to be served first."""

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Each tier's place, by its name."""
        return {tier.name: place for place, tier in enumerate(self.tiers)}

    @cached_property
    def content(self) -> str:
        """As JSON, for whoever reads decisions without playbooks."""
        return self.model_dump_json(exclude_none=True)

    def is_urgent(self, tier: str) -> bool:
        """Whether touches of the tier with this name are for the first rep who is free."""
        return any(one.urgent for one in self.tiers if one.name == tier)

    def tier_for(self, plan: TouchPlanned, features: Features) -> Tier:
        """The tier of this touch, when it opens."""
        met = (one for one in self.tiers if one.when and one.when.hold(plan, features))
        return next(met, self._rest)

    @cached_property
    def _rest(self) -> Tier:
        return next(one for one in self.tiers if one.when is None)

    @model_validator(mode="after")
    def _whole(self) -> "Queue":
        names = [tier.name for tier in self.tiers]
        if len(set(names)) < len(names):
            raise broken("a tier is named twice", "rename one tier", "tiers")
        if len([tier for tier in self.tiers if tier.when is None]) != 1:
            rule = "one tier, and only one, takes what no other one takes"
            raise broken(rule, "leave `when` out in one, and give every other a `when`", "tiers")
        for index, tier in enumerate(self.tiers):
            self._check_then(tier, names, index)
        return self

    def _check_then(self, tier: Tier, names: Collection[str], index: int) -> None:
        if tier.then is None:
            return
        others = [one.name for one in self.tiers if one.then is None]
        if tier.then not in others:
            rule = "no such tier" if tier.then not in names else "a touch goes on once only"
            fix = f"use one without a `then`: {', '.join(others)}" if others else "leave it out"
            raise broken(rule, fix, "tiers", index, "then")


def untouched(plan: TouchPlanned) -> bool:
    """Whether nobody has touched the lead in this enrolment."""
    return plan.attempts == 0 and plan.again is None


def _within(part: PartOfDay, local_time: str | None) -> bool:
    """By what the lead's clock shows, as ISO 8601; plans of older releases do not tell."""
    shown = (local_time or "")[11:16]
    return f"{part.opens:%H:%M}" <= shown < f"{part.closes:%H:%M}"


_FIRST: Mapping[str, str] = MappingProxyType(
    {"oldest": "who waits longest", "newest": "the newest"}
)
_BY: Mapping[str, str] = MappingProxyType(
    {
        "entered": "counted from when the lead came in",
        "opened": "counted from its first opening",
        "not_before": "counted from when the touch opened",
        "due": "counted from when the touch was due",
        "planned": "counted from the touch before",
    }
)

DEFAULT = Queue.model_validate(
    {
        "tiers": [
            {
                "name": "callback",
                "when": {"again": "callback"},
                "by": "not_before",
                "urgent": True,
                "says": "the lead was promised a call; the one promised first comes first",
            },
            {
                "name": "new",
                "when": {"untouched": True},
                "first": "newest",
                "by": "entered",
                "windows": [5, 15, 30, 60],
                "then": "never-touched",
                "urgent": True,
                "says": "nobody has touched this lead since it came in; the newest comes first",
            },
            {
                "name": "retry",
                "when": {"again": "retry"},
                "says": "its last touch is to be tried again soon; the one due first comes first",
            },
            {
                "name": "never-touched",
                "when": {"untouched": True},
                "by": "entered",
                "says": "nobody touched it while it was new; who waits longest comes first",
            },
            {
                "name": "due",
                "says": "its next touch is due; the one due first comes first",
            },
            {
                "name": "end-of-queue",
                "when": {"again": "end-of-queue"},
                "by": "planned",
                "says": "put behind all others; the one touched longest ago comes first",
            },
        ]
    }
)
"""The order where a playbook says none: promised calls; leads that came in within the hour, by the
usual marks of speed to lead; retries; leads that nobody touched in time; the steps that follow;
and what a result put to the end."""
