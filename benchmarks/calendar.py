"""How many plans one core computes a second, across zones, holidays and calling hours.

Method: leads of 42 places in 34 zones, each with its place made from its features
and a window asked for on a day of its own: 431 seconds go by between two leads, so that a round
covers a good year. The calendar keeps lunch, a Saturday of its own, the holidays of each lead's
region and the calling hours of American states; calls, e-mails and social touches take turns. The
best of three rounds counts, each in a process that has seen the days before; `first_round` is one
that has not, and so reads zones and holidays too.

    python -m benchmarks calendar
"""

from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from time import perf_counter

from benchmarks.report import Report
from engagement.calendar.place import place
from engagement.calendar.window import local_date, next_window
from engagement.playbook import Calendar
from schemas.events.fact import Channel, Features

PLANS = 80_000
START = datetime(2025, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=431)
CHANNELS: tuple[Channel, ...] = ("call", "email", "social")
COUNTRIES = ("AT", "CH", "CZ", "DE", "DK", "FI", "FR", "GB", "IE", "IN", "IT", "JP", "KR", "NL")
STATES = ("AL", "AZ", "CA", "CO", "CT", "FL", "HI", "IL", "LA", "MA", "MI", "NY", "PA", "RI", "TX")
PROVINCES = ("AB", "BC", "MB", "NB", "NL", "NS", "QC", "SK")
CALENDAR = Calendar.model_validate(
    {
        "time_zone": "Europe/Vienna",
        "days": ["mon", "tue", "wed", "thu", "fri", "sat"],
        "hours_by_day": {"sat": "10:00-14:00"},
        "lunch": "12:00-13:00",
        "holidays": ["lead", "AT"],
        "closed": ["2025-12-24", "2025-12-31"],
        "calling_rules": "us-states",
        "infer_zone": True,
    }
)


def main() -> Report:
    """The figures, with what was aimed at."""
    leads = tuple(islice(cycle(_leads()), PLANS))
    first = _round(leads)
    best = min(_round(leads) for _ in range(3))
    figures = {
        "plans_per_second": PLANS / best,
        "us_per_plan": best / PLANS * 1e6,
        "first_round_plans_per_second": PLANS / first,
        "places": len(_leads()),
    }
    return Report("calendar", figures, "at least 40,000 plans a second")


def _leads() -> list[Features]:
    told: list[tuple[str, str | None]] = [(country, None) for country in COUNTRIES]
    told += [("US", state) for state in STATES]
    told += [("CA", province) for province in PROVINCES]
    told += [("AU", region) for region in ("NSW", "NT", "QLD", "SA", "WA")]
    return [Features(source="form", country=one, region=region) for one, region in told]


def _round(leads: tuple[Features, ...]) -> float:
    now, channels = START, cycle(CHANNELS)
    began = perf_counter()
    for features, channel in zip(leads, channels, strict=False):
        now += STEP
        where = place(features, CALENDAR)
        day = local_date(now, where.time_zone)
        next_window(CALENDAR, CALENDAR.hours, where, channel, day, now)
    return perf_counter() - began
