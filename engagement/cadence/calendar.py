"""Windows by a lead's zone alone; `engagement.calendar.window` has their rules."""

from datetime import date, datetime

from engagement.calendar import window
from engagement.calendar.place import Place
from engagement.calendar.rules import SHORTEST
from engagement.calendar.window import Window, local_date
from engagement.playbook.calendar import Calendar, Hours

__all__ = ["SHORTEST", "Window", "local_date", "next_window"]


def next_window(
    calendar: Calendar, hours: Hours, time_zone: str, day: date, now: datetime
) -> Window:
    """The first window on or after `day`, where neither country nor channel are looked at."""
    place = Place(time_zone, "given", None, None)
    return window.next_window(calendar, hours, place, "email", day, now)
