"""A tier of the queue: which touches it is for, and what counts within it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from engagement.playbook.model import Model, Name, broken
from engagement.playbook.touch import TouchConditions

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
