"""Intervals: how long to wait after the step before."""

from typing import Annotated

from pydantic import Field, StrictBool, model_validator

from engagement.playbook.model import Model, broken

_UNITS = ("days", "hours", "minutes")


class Interval(Model):
    """Days, hours or minutes after the step before was touched or lapsed.

    Days are whole days of the lead's calendar; hours and minutes go by the clock. With
    `business: true`, only the days and hours count on which the calendar is open.
    """

    days: Annotated[int, Field(strict=True, ge=1, le=366)] | None = None
    """Whole days of the lead's calendar."""
    hours: Annotated[int, Field(strict=True, ge=1, le=1_000)] | None = None
    """Hours by the clock."""
    minutes: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    """Minutes by the clock."""
    business: StrictBool | None = None
    """Whether only days and hours count on which the calendar is open."""

    @property
    def clock_minutes(self) -> int:
        """What it lasts by the clock, in minutes; 0 if it is in days."""
        return (self.hours or 0) * 60 + (self.minutes or 0)

    @model_validator(mode="after")
    def _one_unit(self) -> "Interval":
        if len([unit for unit in _UNITS if getattr(self, unit) is not None]) != 1:
            raise broken("not one length", "give one of days, hours, minutes")
        return self
