"""A cadence: which touches, on which days, by which channel."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engagement.playbook.calendar import Hours
from engagement.playbook.model import Model, Name, broken
from schemas.events.fact import Channel

Activity = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class Step(Model):
    """One touch. Days count from 1, the day of entry; `hours` narrow the calendar's own."""

    day: Annotated[int, Field(strict=True, ge=1, le=366)]
    channel: Channel
    activity: Activity
    hours: Hours | None = None


class Cadence(Model):
    """Steps in the order in which they are taken; a day may hold several, one after another."""

    name: Name
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _in_order(self) -> "Cadence":
        for index, (before, after) in enumerate(pairwise(self.steps), start=1):
            if after.day < before.day:
                raise broken(
                    f"day {after.day} comes after day {before.day}",
                    "put the steps in the order of their days",
                    *("steps", index, "day"),
                )
        return self
