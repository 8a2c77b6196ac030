"""Whatever the calendar, the place and the moment: a window lies within every rule."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engagement.calendar import zones
from engagement.calendar.place import Place
from engagement.calendar.rules import SHORTEST
from engagement.calendar.weekdays import WEEKDAYS
from engagement.calendar.window import Window, next_window
from engagement.playbook import Calendar
from schemas.events.fact import Channel

QUARTER = timedelta(minutes=15)
CALLS = {"FL": (8, 20), "KY": (10, 21), "RI": (9, 18), "NY": (8, 21), None: (8, 21)}
"""Of a working day; Rhode Island's other days are closed."""

PLACES = (
    *(Place("America/New_York", "region", "US", region) for region in CALLS),
    Place("Europe/Berlin", "country", "DE", "BY"),
    Place("America/Sao_Paulo", "region", "BR", "SP"),
    Place("Australia/Lord_Howe", "given", "AU", "NSW"),
    Place("Pacific/Apia", "country", "WS", None),
    Place("Pacific/Chatham", "given", "NZ", None),
    Place("Antarctica/Troll", "given", None, None),
)
STEADY = (Place("Asia/Kolkata", "country", "IN", None), Place("Etc/UTC", "given", "US", "KY"))
SPANS = tuple(f"{o:02}:15-{c:02}:30" for o in range(0, 23, 3) for c in range(o + 2, 24, 3))
DAYS = st.lists(st.sampled_from(WEEKDAYS), unique=True, min_size=1)
AROUND = st.sampled_from(
    [date(2025, 3, 9), date(2025, 3, 30), date(2025, 4, 6), date(2025, 10, 26), date(2025, 11, 2),
     date(2025, 12, 25), date(2024, 2, 29), date(2011, 12, 30), date(2025, 7, 4)]
)  # fmt: skip
"""Changes of the clock, a day that Apia never had, a leap day, holidays."""


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar that opens."""
    days = draw(DAYS)
    known = {
        "time_zone": "Etc/UTC",
        "days": days,
        "hours": draw(st.sampled_from(SPANS)),
        "hours_by_day": {days[0]: draw(st.sampled_from(SPANS))},
        "lunch": draw(st.sampled_from([None, "11:30-12:15", "02:15-02:45"])),
        "team_days": draw(st.none() | DAYS),
        "holidays": draw(st.sampled_from([None, ["lead"], ["DE-BY"], ["lead", "US"]])),
        "closed": draw(st.none() | st.lists(AROUND, unique=True, min_size=1)),
        "calling_rules": draw(st.sampled_from([None, "us-states"])),
    }
    try:
        return Calendar.model_validate(known)
    except ValidationError:
        assume(False)
        raise


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """A quarter of an hour in the days around a change of the clock."""
    day = draw(AROUND) - timedelta(days=draw(st.integers(0, 4)))
    return datetime.combine(day, time(0), UTC) + QUARTER * draw(st.integers(0, 95))


CHANNELS = st.sampled_from(("call", "email", "sms", "social"))
relaxed = settings(
    deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


def ask(calendar: Calendar, place: Place, channel: Channel, now: datetime) -> Window:
    """The first window on the lead's day at `now`, or later."""
    day = now.astimezone(zones.zone(place.time_zone)).date()
    return next_window(calendar, calendar.hours, place, channel, day, now)


def is_open(calendar: Calendar, place: Place, channel: Channel, moment: datetime) -> bool:
    """What the rules say of a moment, read off the lead's clock."""
    local = moment.astimezone(zones.zone(place.time_zone))
    weekday = WEEKDAYS[local.weekday()]
    hours = calendar.own_hours(weekday) or calendar.hours
    lunch = calendar.lunch
    return (
        weekday in calendar.days
        and weekday in (calendar.team_days or WEEKDAYS)
        and local.date() not in (calendar.closed or ())
        and not any(_kept(where, place, local.date()) for where in calendar.holidays or ())
        and hours.opens <= local.time() < hours.closes
        and not (lunch and lunch.opens <= local.time() < lunch.closes)
        and _legal(calendar, place, channel, local)
    )


def _kept(where: str, place: Place, day: date) -> bool:
    country, _, region = where.partition("-")
    if where == "lead":
        country, region = place.country or "", place.region or ""
    return bool(country) and day in _year(country, region or None, day.year)


@cache
def _year(country: str, region: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, region, years=year))


def _legal(calendar: Calendar, place: Place, channel: Channel, local: datetime) -> bool:
    if calendar.calling_rules is None or channel not in ("call", "sms"):
        return True
    if place.country not in ("US", None):
        return True
    opens, closes = CALLS[place.region]
    off = local.weekday() > 4 or _kept("lead", place, local.date())
    return opens <= local.hour < closes and not (place.region == "RI" and off)


@relaxed
@given(calendars(), st.sampled_from(PLACES), CHANNELS, moments())
def test_no_moment_of_a_window_breaks_a_rule(
    calendar: Calendar, place: Place, channel: Channel, now: datetime
) -> None:
    found = ask(calendar, place, channel, now)
    assert found.opens_at >= now
    assert found.closes_at - found.opens_at >= SHORTEST
    moment = found.opens_at
    while moment < found.closes_at:
        assert is_open(calendar, place, channel, moment), moment
        moment += QUARTER


@relaxed
@given(calendars(), st.sampled_from(PLACES), CHANNELS, moments(), st.integers(0, 900))
def test_whoever_asks_later_is_never_let_in_earlier(
    calendar: Calendar, place: Place, channel: Channel, now: datetime, quarters: int
) -> None:
    day = now.astimezone(zones.zone(place.time_zone)).date()
    asked = (now, now + QUARTER * quarters)
    first, later = (
        next_window(calendar, calendar.hours, place, channel, day, moment) for moment in asked
    )
    assert first.opens_at <= later.opens_at
    assert first.closes_at <= later.closes_at


@relaxed
@given(calendars(), st.sampled_from(PLACES), CHANNELS, moments())
def test_the_proof_names_every_day_before_the_window(
    calendar: Calendar, place: Place, channel: Channel, now: datetime
) -> None:
    zone = zones.zone(place.time_zone)
    found = ask(calendar, place, channel, now)
    waited = found.opens_at.astimezone(zone).date() - now.astimezone(zone).date()
    assert len(found.denied) == waited.days
    for denied in found.denied:
        assert now < denied.until <= found.opens_at
        assert denied.until.astimezone(zone).time() == time(0)


@relaxed
@given(calendars(), st.sampled_from(STEADY), CHANNELS, moments())
def test_no_window_comes_before_the_first(
    calendar: Calendar, place: Place, channel: Channel, now: datetime
) -> None:
    found = ask(calendar, place, channel, now)
    moment, steps = now, 0
    while moment < found.opens_at:
        steps = steps + 1 if is_open(calendar, place, channel, moment) else 0
        moment += QUARTER
        assert steps < 4, f"an hour was open up to {moment}"
