"""When leads may be touched: days of the week and hours of the day, by the lead's own clock."""

import re
from datetime import time
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_serializer, model_validator

from engagement.calendar import zones
from engagement.playbook.model import Model, broken

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class Hours(Model):
    """A part of the day, written "09:00-17:00": from the first moment up to before the last."""

    opens: time
    closes: time

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> dict[str, time]:
        found = _HOURS.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise broken("not a part of a day", 'write it as "09:00-17:00", in quotes')
        hour, minute, end_hour, end_minute = map(int, found.groups())
        return {"opens": time(hour, minute), "closes": time(end_hour, end_minute)}

    @model_validator(mode="after")
    def _long_enough(self) -> "Hours":
        if _minutes(self.closes) - _minutes(self.opens) < 60:
            raise broken("open for less than an hour", "let it close an hour later or more")
        return self

    @model_serializer
    def _write(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _known(name: str) -> str:
    if name not in zones.names():
        raise broken("not an IANA time zone", "write one such as Europe/Berlin or Etc/UTC")
    return name


def _distinct(days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    if len(set(days)) < len(days):
        raise broken("a day is named twice", "name each day once")
    return tuple(sorted(days, key=WEEKDAYS.index))


class Calendar(Model):
    """The days and hours of touches; `time_zone` is for leads who come without a known one."""

    time_zone: Annotated[str, AfterValidator(_known)]
    days: Annotated[tuple[Weekday, ...], Field(min_length=1), AfterValidator(_distinct)] = (
        WEEKDAYS[:5]
    )
    hours: Hours = Field(default_factory=lambda: Hours.model_validate("09:00-17:00"))

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """The days as `date.weekday()` counts them: Monday is 0."""
        return frozenset(map(WEEKDAYS.index, self.days))
