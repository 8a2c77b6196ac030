"""How long a cadence goes on at most, whatever its steps say."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from engagement.playbook.block import Placed, Reach
from engagement.playbook.model import Model, broken


class Until(Model):
    """So many touches made, or so many days, whichever comes first.

    `attempts` counts every touch made since entry, also those that nobody planned; `days` counts
    the days of the lead's calendar from the day of entry, which is day 1, also closed ones.
    The two are those of rule-based routing, "for first N days or first N contact attempts"
    (VanillaSoft, support article 204681340).
    """

    attempts: Annotated[int, Field(strict=True, ge=1, le=1_000)] | None = None
    days: Annotated[int, Field(strict=True, ge=1, le=366)] | None = None

    @model_validator(mode="after")
    def _some(self) -> "Until":
        if self.attempts is None and self.days is None:
            raise broken("no threshold", "give attempts, days, or both")
        return self


def beyond(
    placed: Iterable[Placed], until: Until | None, *at: str | int
) -> Iterator[PydanticCustomError]:
    """The written steps that come after the last day, so that nobody would ever take them.

    Of a block only the first time has to come before it.
    """
    if until is None or until.days is None:
        return
    reach, written = Reach(), set[tuple[str | int, ...]]()
    for path, step in placed:
        reach = reach.to(step)
        if reach.day > until.days and path not in written:
            rule = f"day {reach.day} comes after the {until.days} days of `until`"
            yield broken(rule, "raise `until.days`, or take the step earlier", *at, *path)
        written.add(path)
