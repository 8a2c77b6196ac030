"""When leads may be touched: days of the week and hours of the day, by the lead's own clock."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property, lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from engagement.calendar import public_holidays, zones
from engagement.calendar.never import never_opens
from engagement.calendar.weekdays import WEEKDAYS, Weekday
from engagement.playbook.model import Model, broken, refuse
from engagement.playbook.part_of_day import Hours, Lunch
from schemas.events.fact import Channel


def _known(name: str) -> str:
    if name not in zones.names():
        raise broken("not an IANA time zone", "write one such as Europe/Berlin or Etc/UTC")
    return name


def _distinct(days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    if len(set(days)) < len(days):
        raise broken("a day is named twice", "name each day once")
    return tuple(sorted(days, key=WEEKDAYS.index))


def _observed(where: str) -> str:
    country, _, region = where.partition("-")
    if where != "lead" and country not in public_holidays.countries():
        raise broken("no holidays are known there", "write lead, a country as DE, or DE-BY")
    if region and region not in public_holidays.regions(country):
        known = ", ".join(sorted(public_holidays.regions(country))) or "none; leave it out"
        raise broken(f"no such region of {country}", f"use one of: {known}")
    return where


_CHANNELS: tuple[Channel, ...] = ("email", "call")
"""One that calling rules pass over, and one that they hold for."""


def _date(value: object) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    if type(value) is not date:
        raise broken("not a date", "write it as 2025-12-24")
    return value


TimeZone = Annotated[str, AfterValidator(_known)]
Days = Annotated[tuple[Weekday, ...], Field(min_length=1), AfterValidator(_distinct)]
Date = Annotated[date, BeforeValidator(_date)]
Observed = Annotated[str, AfterValidator(_observed)]


class HoursByDay(Model):
    """Weekdays with hours of their own."""

    mon: Hours | None = None
    """Hours of Monday."""
    tue: Hours | None = None
    """Hours of Tuesday."""
    wed: Hours | None = None
    """Hours of Wednesday."""
    thu: Hours | None = None
    """Hours of Thursday."""
    fri: Hours | None = None
    """Hours of Friday."""
    sat: Hours | None = None
    """Hours of Saturday."""
    sun: Hours | None = None
    """Hours of Sunday."""


class Calendar(Model):
    """The days and hours of touches; `time_zone` is for leads who come without a known one.

    `team_days` are those on which the team works. `holidays` names whose public holidays are
    kept: "lead" for those of each lead's own country and region, DE or DE-BY for all leads.
    With `infer_zone`, region or country say the zone of a lead who comes without a known one.
    `calling_rules` narrow calls and texts to what the law leaves where the lead is.
    """

    time_zone: TimeZone
    """The zone of leads who come without a known one."""
    days: Days = WEEKDAYS[:5]
    """The weekdays of touches."""
    hours: Hours = Field(default_factory=lambda: Hours.model_validate("09:00-17:00"))
    """From when to before when leads are touched, by their own clock."""
    hours_by_day: HoursByDay | None = None
    """Weekdays with hours of their own, instead of `hours`."""
    lunch: Lunch | None = None
    """A part of every day in which nobody is touched."""
    team_days: Days | None = None
    """The weekdays on which the team works."""
    holidays: Annotated[tuple[Observed, ...], Field(min_length=1, max_length=50)] | None = None
    """Whose public holidays are kept: the lead's own, or those of a country or region."""
    closed: Annotated[tuple[Date, ...], Field(min_length=1, max_length=100)] | None = None
    """Dates on which nobody is touched."""
    closed_days_count: Literal[False] | None = None
    """`false` lets a cadence stand still on closed dates: they are none of its days."""
    calling_rules: Literal["us-states"] | None = None
    """Narrows calls and texts to what the law leaves where the lead is."""
    infer_zone: Literal[True] | None = None
    """Lets region or country say the zone of a lead who comes without a known one."""

    def __hash__(self) -> int:
        """By zone and days alone: every window is looked up by its calendar."""
        return hash((self.time_zone, self.days))

    @model_validator(mode="after")
    def _used(self) -> "Calendar":
        refuse((*self._unused(), *self._shut()))
        return self

    def _unused(self) -> Iterator[PydanticCustomError]:
        if self.closed_days_count is not None and self.closed is None:
            fix = "name the dates under `closed`, or leave it out"
            yield broken("no date is closed", fix, "closed_days_count")
        for day in WEEKDAYS:
            if self.own_hours(day) and day not in self.days:
                rule = f"{day} has hours, and is none of the days"
                yield broken(rule, "add it to `days`, or leave its hours out", "hours_by_day", day)

    def _shut(self) -> Iterator[PydanticCustomError]:
        for channel in _CHANNELS:
            never = never_opens(self, self.hours, channel)
            if never is not None:
                yield broken(never, "let it open for an hour or more on some day")
                return

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """The days as `date.weekday()` counts them: Monday is 0."""
        return frozenset(map(WEEKDAYS.index, self.days))

    @cached_property
    def uncounted(self) -> frozenset[date]:
        """The dates that are none of a cadence's days."""
        return frozenset(self.closed or () if self.closed_days_count is False else ())

    def own_hours(self, day: Weekday) -> Hours | None:
        """The hours that this weekday has of its own."""
        return getattr(self.hours_by_day, day, None)


@lru_cache(maxsize=256)
def _one_of_its_kind(calendar: Calendar) -> Calendar:
    return calendar


SharedCalendar = Annotated[Calendar, AfterValidator(_one_of_its_kind)]
"""The same object wherever it says the same: windows are looked up by it, and to compare two that
are equal took each fact under a playbook's second version a tenth longer."""
