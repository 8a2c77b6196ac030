"""A cadence: which touches, when, by which channel."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from engagement.playbook.block import Block, Item, Loop, Placed, Reach, loops, stages, unrolled
from engagement.playbook.model import Model, Name, broken
from engagement.playbook.step import Step
from engagement.playbook.threshold import Until

MOST_STEPS = 200
LAST_DAY = 366


class Cadence(Model):
    """Steps in the order in which they are taken; a day may hold several, one after another."""

    # `written` is what the manager wrote, where a block stands for several steps; `steps` are the
    # plain steps that are taken, which is all that deciding needs.

    name: Name
    """What entry rules, rulesets and experiments call it."""
    written: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MOST_STEPS, alias="steps")]
    """The steps, and blocks of steps, in the order in which they are taken."""
    until: Until | None = None
    """After how many touches or days it ends, whatever its steps say."""

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """The plain steps, each with the path at which it is written."""
        return tuple(unrolled(self.written))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The plain steps: no block is left in them, and each says its time of the day."""
        plain = [placed.step for placed in self.placed]
        return tuple(
            _at_the_time_of(plain[leader], plain[index])
            for index, leader in enumerate(self.leaders)
        )

    @cached_property
    def leaders(self) -> tuple[int, ...]:
        """For each step the index of the one that says its moment: itself, or an earlier one.

        Steps of one day at one exact time are at one moment, too.
        """
        leaders: list[int] = []
        for index, (_, step) in enumerate(self.placed):
            leads = not leaders or not _joins(self.placed[leaders[-1]].step, step)
            leaders.append(index if leads else leaders[-1])
        return tuple(leaders)

    @cached_property
    def loops(self) -> tuple[Loop | None, ...]:
        """For each step the block in which it lies, where that ends after touches or days."""
        return tuple(loops(self.written))

    @cached_property
    def looping(self) -> bool:
        """Whether any step lies in such a block."""
        return any(self.loops)

    @cached_property
    def rests(self) -> bool:
        """Whether any step comes after days of rest."""
        return any(step.gap_days is not None for step in self.steps)

    @cached_property
    def conditional(self) -> bool:
        """Whether any step has a condition."""
        return any(step.only_if is not None for step in self.steps)

    @cached_property
    def features(self) -> tuple[str, ...]:
        """The features that some step asks for, in the order of their names."""
        conditions = [step.only_if for step in self.steps if step.only_if is not None]
        return tuple(sorted({name for one in conditions for name in one.features}))

    @cached_property
    def signs(self) -> frozenset[str]:
        """What is to be remembered of what the lead did, because some step asks for it."""
        conditions = [step.only_if for step in self.steps if step.only_if is not None]
        return frozenset().union(*(one.wanted | one.unwanted for one in conditions))

    @model_validator(mode="after")
    def _begins(self) -> "Cadence":
        first = self.written[0]
        if isinstance(first, Step) and first.with_previous:
            raise broken("no step comes before it", "give it a day", "steps", 0)
        if isinstance(first, Step) and first.gap_days is not None:
            fix = "leave gap_days out"
            raise broken("no step comes before it", fix, "steps", 0, "gap_days")
        return self

    @model_validator(mode="after")
    def _not_too_long(self) -> "Cadence":
        for index, item in enumerate(self.written):
            if isinstance(item, Block) and len(item.steps) * item.repeat.times > MOST_STEPS:
                raise _too_long(index)
        if len(self.placed) > MOST_STEPS:
            raise _too_long(
                max(i for i, item in enumerate(self.written) if isinstance(item, Block))
            )
        return self


def disordered(cadence: Cadence, *at: str | int) -> Iterator[PydanticCustomError]:
    """The steps that come too early after the one before them, and the first that is too late."""
    for (path, step), before, reach in stages(cadence.placed, cadence.loops):
        yield from _past(before, step, (*at, *path))
        if reach.day > LAST_DAY:
            yield broken(f"day {reach.day} is too late", f"end by day {LAST_DAY}", *at, *path)
            return


def _joins(leader: Step, step: Step) -> bool:
    same = step.at is not None and (step.day, step.at) == (leader.day, leader.at)
    return step.with_previous is True or (same and step.day is not None)


def _at_the_time_of(leader: Step, step: Step) -> Step:
    if step is leader:
        return step
    return step.model_copy(update={"hours": leader.hours, "part": leader.part, "at": leader.at})


def _too_long(index: int) -> Exception:
    fix = f"repeat it less often, so that at most {MOST_STEPS} steps are taken in all"
    return broken(f"more than {MOST_STEPS} steps", fix, "steps", index, "repeat", "times")


def _past(reach: Reach, step: Step, path: tuple[str | int, ...]) -> Iterator[PydanticCustomError]:
    if step.day is None:
        return
    if step.day < reach.day:
        rule = f"day {step.day} comes after day {reach.day}"
        yield broken(rule, "put the steps in the order of their days", *path, "day")
    elif step.day == reach.day and reach.waited:
        rule = f"day {step.day} may be over when the interval before it ends"
        yield broken(rule, "use a later day, or `after`", *path, "day")
    elif step.gap_days is not None and step.day - reach.day <= step.gap_days:
        rule = f"between day {reach.day} and day {step.day} lie fewer than {step.gap_days} days"
        yield broken(rule, "use a later day, or fewer gap_days", *path, "gap_days")
