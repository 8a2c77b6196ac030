"""Experiments: whole cadences against each other, and against no cadence at all."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from engagement.playbook.cadence import Cadence
from engagement.playbook.model import Model, Name, broken, refuse
from engagement.playbook.ruleset import Ruleset

HOLDOUT = "holdout"
"""The arm of leads that enter no cadence."""

_Weight = Annotated[int, Field(strict=True, ge=1, le=100)]


class Arm(Model):
    """A cadence, and how many of a hundred leads get it."""

    cadence: Name
    """The cadence of this arm."""
    weight: _Weight
    """How many of a hundred leads get it."""


class Experiment(Model):
    """Leads are dealt to the arms by a hash of their id, salted with `name` and `salt`.

    The first arm is the control. `holdout` of a hundred leads enter no cadence. Another
    `salt` deals every lead anew.
    """

    name: Name
    """What entry rules and decisions call it; it salts the hash."""
    salt: Name | None = None
    """Another one deals every lead anew."""
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=20)]
    """The cadences; the first one is the control."""
    holdout: _Weight | None = None
    """How many of a hundred leads enter no cadence."""

    @property
    def control(self) -> str:
        """The cadence that the others are compared with."""
        return self.arms[0].cadence

    @property
    def names(self) -> tuple[str, ...]:
        """The arms by name: a cadence's own, and that of the leads held out, if any are."""
        cadences = tuple(arm.cadence for arm in self.arms)
        return cadences if self.holdout is None else (*cadences, HOLDOUT)

    def _sums(self) -> Iterator[PydanticCustomError]:
        told = sum(arm.weight for arm in self.arms) + (self.holdout or 0)
        if told != 100:
            rule = f"the weights, with the holdout, sum to {told}"
            yield broken(rule, "let them sum to 100", "arms")
        if len(self.names) == 1:
            yield broken("one arm compares nothing", "add an arm or a `holdout`", "arms")

    def _repeated(self) -> Iterator[PydanticCustomError]:
        for index, arm in enumerate(self.arms):
            if arm.cadence in (*self.names[:index], HOLDOUT):
                rule = f"two arms are named {arm.cadence}, as arms are by their cadence"
                yield broken(rule, "name each cadence once", "arms", index, "cadence")

    @model_validator(mode="after")
    def _compares(self) -> "Experiment":
        refuse((*self._sums(), *self._repeated()))
        return self


def unmade(
    experiments: Sequence[Experiment],
    cadences: Mapping[str, Cadence],
    rulesets: Mapping[str, Ruleset],
) -> Iterator[PydanticCustomError]:
    """The experiments that cannot be made with these cadences."""
    names = [experiment.name for experiment in experiments]
    for index, experiment in enumerate(experiments):
        at = ("experiments", index)
        if experiment.name in names[:index]:
            yield broken(f"name {experiment.name} is used twice", "rename one", *at, "name")
        unknown = [n for n, arm in enumerate(experiment.arms) if arm.cadence not in cadences]
        for number in unknown:
            fix = f"use one of: {', '.join(cadences)}"
            yield broken("no such cadence", fix, *at, "arms", number, "cadence")
        if not unknown and _all_alike(experiment, cadences, rulesets):
            rule = "the cadences of all arms are the same, and so are their rules"
            yield broken(rule, "change one of them, or leave an arm out", *at, "arms")


def diverges_at(
    experiment: Experiment, cadences: Mapping[str, Cadence], rulesets: Mapping[str, Ruleset]
) -> int | None:
    """The first step that is not the same in every arm; nothing where there is none.

    Leads held out have no step, so that everything beside them differs from the first one on.
    """
    if experiment.holdout is not None:
        return 1
    return _part_at(experiment, cadences, rulesets)


def _all_alike(
    experiment: Experiment, cadences: Mapping[str, Cadence], rulesets: Mapping[str, Ruleset]
) -> bool:
    """Whether several cadences are compared that are one and the same."""
    return len(experiment.arms) > 1 and _part_at(experiment, cadences, rulesets) is None


def _part_at(
    experiment: Experiment, cadences: Mapping[str, Cadence], rulesets: Mapping[str, Ruleset]
) -> int | None:
    """The first step that is not the same in every cadence.

    Other rules around a cadence, and another `until`, may matter from the first step on.
    """
    arms = [arm.cadence for arm in experiment.arms]
    rules = [_around(cadences[arm], rulesets[arm]) for arm in arms]
    if any(one != rules[0] for one in rules):
        return 1
    turns = zip_longest(*(cadences[arm].steps for arm in arms))
    return next(
        (number for number, steps in enumerate(turns, 1) if any(one != steps[0] for one in steps)),
        None,
    )


def _around(cadence: Cadence, ruleset: Ruleset) -> tuple[object, ...]:
    """All that is said of a cadence besides its steps."""
    looping = cadence.loops if cadence.looping else ()
    return ruleset.model_copy(update={"name": "", "cadences": None}), cadence.until, looping
