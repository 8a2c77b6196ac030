"""Calendars, and places where leads are."""

from datetime import UTC, date, datetime

from engagement.calendar.place import Place
from engagement.calendar.window import Window, next_window
from engagement.playbook import Calendar
from schemas.events.fact import Channel

BERLIN = Place("Europe/Berlin", "country", "DE", "BY")


def calendar(**keys: object) -> Calendar:
    """A calendar of Mondays to Fridays, nine to five, with these keys too."""
    return Calendar.model_validate({"time_zone": "Europe/Berlin", **keys})


def state(region: str, zone: str = "America/New_York") -> Place:
    """A place in the United States."""
    return Place(zone, "region", "US", region)


def utc(text: str) -> datetime:
    """A moment in UTC: utc("2025-03-03 10:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(
    rules: Calendar, day: str, place: Place = BERLIN, channel: Channel = "call", now: str = ""
) -> Window:
    """The first window from this day on, asked at its first moment in UTC, or at `now`."""
    asked = utc(now or f"{day} 00:00")
    return next_window(rules, rules.hours, place, channel, date.fromisoformat(day), asked)
