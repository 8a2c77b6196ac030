"""A step whose turn has come, and the moments that it is given."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from engagement.cadence.facts import made_at
from engagement.cadence.state import Active
from engagement.calendar.counted import counted
from engagement.calendar.place import Place
from engagement.calendar.window import (
    Denied,
    Permitted,
    Span,
    Window,
    local_date,
    next_window,
    permitted_between,
    permitted_from,
)
from engagement.playbook import Cadence, Hours, Playbook
from schemas.events.fact import Channel, LeadFact

DAY = timedelta(days=1)
_NOTHING_PASSED = datetime(1970, 1, 1, tzinfo=UTC)


class Times(NamedTuple):
    """The three moments of a plan, as TouchPlanned explains them, and the rules behind them.

    `denied` names each rule once. `open_hours` are what is open between the first moment and the
    last, where that is not all of it.
    """

    not_before: datetime
    due_at: datetime
    lapses_at: datetime
    rule: str
    denied: tuple[str, ...] = ()
    open_hours: tuple[Span, ...] = ()


class Turn(NamedTuple):
    """By which rules a step is planned, for which lead, why, and by which channel."""

    playbook: Playbook
    state: Active
    cause: LeadFact
    channel: Channel

    @property
    def cadence(self) -> Cadence:
        """The cadence that the lead is in."""
        return self.playbook.cadence[self.state.enrolment.cadence]

    @property
    def now(self) -> datetime:
        """When the step is planned."""
        return self.cause.recorded_at

    @property
    def since(self) -> datetime:
        """When the step before was over: intervals count from it. Never after now."""
        return made_at(self.cause)

    @property
    def today(self) -> date:
        """The day of the lead's on which the step before was over."""
        return self.local(self.since)

    def later(self, day: date, days: int) -> date:
        """So many days of the cadence after this one."""
        without = self.playbook.calendar.uncounted
        return counted(day, days, without) if without else day + days * DAY

    @property
    def open_hours(self) -> Hours:
        """The hours in which the calendar is open."""
        return self.playbook.calendar.hours

    @property
    def place(self) -> Place:
        """Where the lead is, as far as the calendar looks at it."""
        return self.state.place or Place(self.state.enrolment.time_zone, "given", None, None)

    def permitted_from(self, moment: datetime) -> Permitted:
        """From when on the law lets the lead be touched by this channel: then, or later."""
        calendar = self.playbook.calendar
        if calendar.calling_rules is None:
            return Permitted(moment, None, ())
        return permitted_from(calendar, self.place, self.channel, moment)

    def permitted_between(self, begin: datetime, end: datetime) -> tuple[Span, ...]:
        """What the law leaves of the time between, where it holds for this channel."""
        calendar = self.playbook.calendar
        if calendar.calling_rules is None:
            return ()
        return permitted_between(calendar, self.place, self.channel, begin, end)

    def local(self, moment: datetime) -> date:
        """The day that the lead's calendar shows at this moment."""
        return local_date(moment, self.state.enrolment.time_zone)

    def window(self, hours: Hours, day: date, now: datetime) -> Window:
        """The first window on or after `day` that, from `now` on, is open for long enough."""
        return next_window(self.playbook.calendar, hours, self.place, self.channel, day, now)

    def in_hours(self, hours: Hours, moment: datetime) -> Times:
        """A touch that is due soon after the first window opens, from this moment on.

        It may be made until the next full working day closes.
        """
        first = self.window(hours, self.local(moment), moment)
        opens_at = first.opens_at
        last = self.window(hours, self.local(opens_at) + DAY, opens_at)
        due_at, spans = opens_at + self.playbook.speed_to_lead, spans_of(first) + spans_of(last)
        return Times(opens_at, due_at, last.day_closes_at, first.rule, closed_by(first), spans)

    def windows(self, hours: Hours, day: date) -> Iterator[Window]:
        """Every whole window from `day` on, whatever the time is now."""
        window = self.window(hours, day, _NOTHING_PASSED)
        while True:
            yield window
            window = self.window(hours, self.local(window.opens_at), window.closes_at)


def within(window: Window, due_at: datetime) -> Times:
    """The moments of a touch that is made in a window, or in what is open of its day after it."""
    hours = spans_of(window) if window.later else ()
    rule, denied = window.rule, closed_by(window)
    return Times(window.opens_at, due_at, window.day_closes_at, rule, denied, hours)


def spans_of(window: Window) -> tuple[Span, ...]:
    """The window, and what is open of its day after it."""
    return Span(window.opens_at, window.closes_at), *window.later


def closed_by(window: Window) -> tuple[str, ...]:
    """The rules that closed the days before the window, each once, in order."""
    return _rules(window.denied) if window.denied else ()


@lru_cache(maxsize=1_024)
def _rules(denied: tuple[Denied, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.rule for one in denied))
