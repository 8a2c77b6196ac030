"""What a playbook asks for that can never be: it is refused before a lead waits for it.

Not rules of the playbook itself: logs hold playbooks that were published before them, and leads on
those go on as ever.
"""

from collections.abc import Iterator
from datetime import time

from pydantic_core import PydanticCustomError

from engagement.calendar import countries
from engagement.playbook.cadence import Cadence
from engagement.playbook.entry import Conditions
from engagement.playbook.idle import idle
from engagement.playbook.model import broken
from engagement.playbook.part_of_day import Hours, Lunch, minute
from engagement.playbook.parts import PARTS, Parts, narrowed
from engagement.playbook.playbook import Playbook
from engagement.playbook.step import Step
from engagement.playbook.whole import once

Found = Iterator[PydanticCustomError]
At = tuple[str | int, ...]


def unworkable(playbook: Playbook) -> Found:
    """Conditions that no lead meets, teams that never work, and steps whose time never comes."""
    yield from _nowhere(playbook)
    yield from idle(playbook.calendar, playbook.teams or ())
    parts, calendar = playbook.parts or PARTS, playbook.calendar
    for index, cadence in enumerate(playbook.cadences):
        yield from once(_too_late(cadence, parts, calendar.hours, ("cadences", index)))
        if calendar.lunch is not None:
            yield from once(_eaten(cadence, calendar.lunch, ("cadences", index)))


def _nowhere(playbook: Playbook) -> Found:
    for at, conditions in _conditions(playbook):
        if conditions is not None and conditions.country not in (None, *countries.codes()):
            fix = "write its two letters of ISO 3166-1, as in DE or GB"
            yield broken("no country is called so", fix, *at, "country")


def _conditions(playbook: Playbook) -> Iterator[tuple[At, Conditions | None]]:
    for index, rule in enumerate(playbook.entry):
        yield ("entry", index, "when"), rule.when
    for index, route in enumerate(playbook.routing or ()):
        yield ("routing", index, "when"), route.when
    for index, cadence in enumerate(playbook.cadences):
        for path, step in dict(cadence.placed).items():
            yield ("cadences", index, *path, "only_if"), step.only_if


def _too_late(cadence: Cadence, parts: Parts, calendar: Hours, at: At) -> Found:
    """The steps that would slide to the next day, as those before them on their day come later."""
    day, begins = None, calendar.opens
    for path, step in cadence.placed:
        hours = narrowed(step, parts, calendar)
        if step.with_previous or hours is None:
            continue
        if step.day is not None and step.day == day:
            if _over(step, hours, begins):
                rule = f"it is over by {begins:%H:%M}, when the step before it may be made"
                fix = "put the steps of a day in the order of their times, or give it a later day"
                yield broken(rule, fix, *at, *path)
                continue
            begins = max(begins, hours.opens)
        else:
            day, begins = step.day, hours.opens


def _over(step: Step, hours: Hours, moment: time) -> bool:
    """Whether less than an hour is left of its hours, or its exact time has passed."""
    if step.at is not None:
        return step.at < moment
    return minute(hours.closes) - minute(moment) < 60


def _eaten(cadence: Cadence, lunch: Lunch, at: At) -> Found:
    """The exact times in lunch or less than an hour before it: they would always come after it."""
    for path, step in cadence.placed:
        if step.at is not None and minute(lunch.opens) - 60 < minute(step.at) < minute(
            lunch.closes
        ):
            rule = f"lunch leaves no hour of {step.at:%H:%M}"
            yield broken(rule, "name another time, or let lunch be at another", *at, *path)
