"""Parts of the day: what morning and afternoon mean, and the hours that a step has."""

from collections.abc import Iterator
from functools import lru_cache

from pydantic_core import PydanticCustomError

from engagement.calendar.never import never_opens
from engagement.playbook.cadence import Cadence
from engagement.playbook.calendar import Calendar
from engagement.playbook.model import Model, broken
from engagement.playbook.part_of_day import Hours
from engagement.playbook.step import Part, Step
from schemas.events.fact import Channel


class Parts(Model):
    """The hours of each part of the day, by the lead's clock."""

    morning: Hours = Hours.model_validate("09:00-12:00")
    """When it is morning."""
    afternoon: Hours = Hours.model_validate("13:00-17:00")
    """When it is afternoon."""

    def hours(self, part: Part) -> Hours:
        """The hours of this part."""
        return self.morning if part == "morning" else self.afternoon


PARTS = Parts()
"""What the parts mean where a playbook does not say."""


def narrowed(step: Step, parts: Parts, calendar: Hours) -> Hours | None:
    """When in the day the step may be taken; None if the calendar leaves no hour for it."""
    if step.part is not None:
        part = parts.hours(step.part)
        opens, closes = max(part.opens, calendar.opens), min(part.closes, calendar.closes)
        return _hours(f"{opens:%H:%M}-{closes:%H:%M}")
    if step.at is not None:
        early = step.at < calendar.opens
        return None if early else _hours(f"{step.at:%H:%M}-{calendar.closes:%H:%M}")
    return step.hours or calendar


def untimely(
    cadence: Cadence, parts: Parts, calendar: Hours, *at: str | int
) -> Iterator[PydanticCustomError]:
    """The steps that the calendar leaves no hour, or that come before one earlier in their day."""
    day, opens = None, calendar.opens
    for path, step in cadence.placed:
        hours = narrowed(step, parts, calendar)
        if hours is None:
            rule = f"the calendar leaves no hour of {_named(step)}"
            yield broken(rule, "name another time, or let the calendar open longer", *at, *path)
            continue
        if step.day is not None and step.day == day and _named(step) and hours.opens < opens:
            rule = f"{_named(step)} comes before the step before it"
            yield broken(rule, "put the steps of a day in the order of their times", *at, *path)
        if not step.with_previous:
            day, opens = step.day, hours.opens if _named(step) else calendar.opens


def closed(
    cadence: Cadence, parts: Parts, calendar: Calendar, *at: str | int
) -> Iterator[PydanticCustomError]:
    """The steps of whose hours the calendar's other rules leave no window on any day."""
    asked: dict[tuple[str, Channel], str | None] = {}
    for index, (path, step) in enumerate(cadence.placed):
        hours = narrowed(cadence.steps[cadence.leaders[index]], parts, calendar.hours)
        if hours is None:
            continue
        key = str(hours), step.channel
        if key not in asked:
            asked[key] = never_opens(calendar, hours, step.channel)
        never = asked[key]
        if never is not None:
            yield broken(never, "name another time, or let the calendar open longer", *at, *path)


def _named(step: Step) -> str:
    return step.part or (f"{step.at:%H:%M}" if step.at else "")


@lru_cache(maxsize=1_024)
def _hours(written: str) -> Hours | None:
    try:
        return Hours.model_validate(written)
    except ValueError:
        return None
