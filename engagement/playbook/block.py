"""Blocks of steps that are taken several times, and the plain steps that they stand for."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, NamedTuple

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator, model_validator

from engagement.playbook.model import Model, broken
from engagement.playbook.step import Step
from engagement.playbook.threshold import Until

_DAY_MINUTES = 24 * 60


class Repeat(Model):
    """How often the steps are taken in all, and how many days lie between two times.

    `until` ends the block before: what is left of it is passed over, and the cadence goes on.
    """

    times: Annotated[int, Field(strict=True, ge=2, le=200)]
    """How often the steps are taken, the first time included."""
    gap_days: Annotated[int, Field(strict=True, ge=0, le=366)]
    """Days without a touch between two times."""
    until: Until | None = None
    """After how many touches or days the block ends; the cadence goes on after it."""


class Block(Model):
    """Steps that are taken several times. Their days are those of the first time."""

    repeat: Repeat
    """How often, and how far apart."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=200)]
    """The steps, with the days of the first time."""

    @model_validator(mode="after")
    def _begins_on_a_day(self) -> "Block":
        if self.steps[0].day is None:
            raise broken("a block begins on a day", "give its first step a day", "steps", 0)
        return self

    @model_validator(mode="after")
    def _within_its_days(self) -> "Block":
        days = self.repeat.until.days if self.repeat.until else None
        if days is not None and _length(self.steps) > days:
            rule = f"its steps take {_length(self.steps)} days, and `until` leaves it {days}"
            raise broken(rule, "raise `until.days`", "repeat", "until", "days")
        return self


def _item(value: Any, _: ValidatorFunctionWrapHandler) -> Step | Block:
    """Either by the keys that it has, so that faults are told in terms of one of the two."""
    block = isinstance(value, Block) or (
        isinstance(value, dict) and {"repeat", "steps"} & {*value}
    )
    return Block.model_validate(value) if block else Step.model_validate(value)


Item = Annotated[Step | Block, WrapValidator(_item)]


class Placed(NamedTuple):
    """A plain step, and the path at which the cadence says it."""

    path: tuple[str | int, ...]
    step: Step


class Loop(NamedTuple):
    """The steps, by their numbers, of a block that ends after so many touches or days."""

    first: int
    last: int
    until: Until


def loops(items: Iterable[Step | Block]) -> Iterator[Loop | None]:
    """For each plain step the loop in which it lies, if it lies in one."""
    number = 0
    for item in items:
        many = 1 if isinstance(item, Step) else len(item.steps) * item.repeat.times
        until = None if isinstance(item, Step) else item.repeat.until
        loop = None if until is None else Loop(number + 1, number + many, until)
        yield from (loop for _ in range(many))
        number += many


def unrolled(items: Iterable[Step | Block]) -> Iterator[Placed]:
    """The plain steps in the order in which they are taken."""
    for index, item in enumerate(items):
        if isinstance(item, Step):
            yield Placed(("steps", index), item)
        else:
            yield from _repeated(item, ("steps", index, "steps"))


def _repeated(block: Block, path: tuple[str | int, ...]) -> Iterator[Placed]:
    period = _length(block.steps) + block.repeat.gap_days
    for turn in range(block.repeat.times):
        for index, step in enumerate(block.steps):
            gap = block.repeat.gap_days if turn and not index else 0
            yield Placed((*path, index), _moved(step, turn * period, gap))


def _moved(step: Step, days: int, gap: int) -> Step:
    if step.day is None:
        return step
    rest = max(step.gap_days or 0, gap) or None
    return step.model_copy(update={"day": step.day + days, "gap_days": rest})


def _length(steps: tuple[Step, ...]) -> int:
    reach = Reach()
    for step in steps:
        reach = reach.to(step)
    return reach.day - (steps[0].day or 0) + 1


class Reach(NamedTuple):
    """How far a cadence has come at the soonest: its day, and minutes since a step named one."""

    day: int = 0
    minutes: int = 0
    waited: bool = False
    """Whether an interval lies behind it, which may last until the day is over."""

    def to(self, step: Step) -> "Reach":
        """How far it has come with this step."""
        if step.day is not None:
            return Reach(step.day)
        if step.after is None:
            return self
        minutes = self.minutes + step.after.clock_minutes
        more, minutes = divmod(minutes, _DAY_MINUTES)
        return Reach(self.day + more + (step.after.days or 0), minutes, waited=True)

    def by(self, day: int) -> "Reach":
        """The same, where what comes next has its turn when this day is over at the latest."""
        return self if self.day < day else Reach(day)


class Stage(NamedTuple):
    """A plain step, and how far a cadence has come before it and with it."""

    placed: Placed
    before: Reach
    reach: Reach


def stages(placed: Iterable[Placed], loops: Iterable[Loop | None]) -> Iterator[Stage]:
    """The way of a cadence. A block that ends after so many days is no longer than these."""
    reach, inside, began = Reach(), None, 0
    for one, loop in zip(placed, loops, strict=True):
        if loop != inside:
            inside, began = loop, one.step.day or 0
        before, reach = reach, reach.to(one.step)
        if loop is not None and loop.until.days is not None:
            reach = reach.by(began + loop.until.days - 1)
        yield Stage(one, before, reach)
