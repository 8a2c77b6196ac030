"""How many windows and plans one core computes a second, across zones, holidays and calling hours.

Method: leads of 42 places in 34 zones, each with its place made from its features
and a window asked for on a day of its own: 431 seconds go by between two leads, so that a round
covers a good year. The calendar keeps lunch, a Saturday of its own, the holidays of each lead's
region and the calling hours of American states; calls, e-mails and social touches take turns. The
round is timed in parts, and of each part the best of several rounds counts, each in a process that
has seen the days before; `first_round` is one that has not, and so reads zones and holidays too. A
plan is the whole of it: the window, the id and the proof by which rules it may be made, as
`touch-planned` tells them.

    python -m benchmarks calendar
"""

from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from time import process_time

from benchmarks.parts import PART, fastest
from benchmarks.report import Report
from engagement.cadence.decider import Partition
from engagement.cadence.repeat import planned
from engagement.cadence.state import Active
from engagement.calendar.place import place
from engagement.calendar.window import local_date, next_window
from engagement.playbook import Playbook
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Channel, Fact, Features
from schemas.events.lead import LeadCreated
from schemas.events.playbook import PlaybookPublished
from schemas.events.touch import TouchLapsed

PLANS = 80_000
START = datetime(2025, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=431)
CHANNELS: tuple[Channel, ...] = ("call", "email", "social")
COUNTRIES = ("AT", "CH", "CZ", "DE", "DK", "FI", "FR", "GB", "IE", "IN", "IT", "JP", "KR", "NL")
STATES = ("AL", "AZ", "CA", "CO", "CT", "FL", "HI", "IL", "LA", "MA", "MI", "NY", "PA", "RI", "TX")
PROVINCES = ("AB", "BC", "MB", "NB", "NL", "NS", "QC", "SK")
LEAD = derived_id("lead", "of the cause")
PLAYBOOK = Playbook.model_validate(
    {
        "name": "windows",
        "team": "inbound",
        "calendar": {
            "time_zone": "Europe/Vienna",
            "days": ["mon", "tue", "wed", "thu", "fri", "sat"],
            "hours_by_day": {"sat": "10:00-14:00"},
            "lunch": "12:00-13:00",
            "holidays": ["lead", "AT"],
            "closed": ["2025-12-24", "2025-12-31"],
            "calling_rules": "us-states",
            "infer_zone": True,
        },
        "entry": [{"cadence": "daily"}],
        "cadences": [
            {
                "name": "daily",
                "steps": [{"day": 1, "channel": one, "activity": "x"} for one in CHANNELS],
            }
        ],
        "results": [{"code": "NO", "label": "Nobody", "action": "next-touch"}],
    }
)


def main() -> Report:
    """The figures, with what was aimed at."""
    leads = tuple(islice(cycle(_leads()), PLANS))
    first = sum(_round(leads))
    best = fastest(lambda: _round(leads))
    states = tuple(islice(cycle(_states()), PLANS))
    whole = fastest(lambda: _plans(states))
    figures = {
        "windows_per_second": PLANS / best,
        "us_per_window": best / PLANS * 1e6,
        "first_round_windows_per_second": PLANS / first,
        "plans_per_second": PLANS / whole,
        "us_per_plan": whole / PLANS * 1e6,
        "places": len(_leads()),
    }
    return Report("calendar", figures, "at least 40,000 plans a second")


def _leads() -> list[Features]:
    told: list[tuple[str, str | None]] = [(country, None) for country in COUNTRIES]
    told += [("US", state) for state in STATES]
    told += [("CA", province) for province in PROVINCES]
    told += [("AU", region) for region in ("NSW", "NT", "QLD", "SA", "WA")]
    return [Features(source="form", country=one, region=region) for one, region in told]


def _round(leads: tuple[Features, ...]) -> list[float]:
    """The seconds of each part."""
    calendar, now, channels, seconds = PLAYBOOK.calendar, START, cycle(CHANNELS), []
    for first in range(0, PLANS, PART):
        began = process_time()
        for features, channel in zip(leads[first : first + PART], channels, strict=False):
            now += STEP
            where = place(features, calendar)
            day = local_date(now, where.time_zone)
            next_window(calendar, calendar.hours, where, channel, day, now)
        seconds.append(process_time() - began)
    return seconds


def _states() -> list[Active]:
    """A lead of each place, in a cadence of calls, e-mails and social touches."""
    partition = Partition()
    partition.apply(_event(_published(), "published"))
    for number, features in enumerate(_leads()):
        lead = derived_id("lead", str(number))
        times = {"occurred_at": START, "recorded_at": START}
        created = LeadCreated(**times, lead_id=lead, features=features, sealed="")
        partition.apply(_event(created, str(number)))
    return [state for state in partition.states.values() if isinstance(state, Active)]


def _plans(states: tuple[Active, ...]) -> list[float]:
    causes = [
        TouchLapsed(occurred_at=now, recorded_at=now, lead_id=LEAD, plan_id=LEAD)
        for now in (START + STEP * number for number in range(1, PLANS + 1))
    ]
    steps, seconds = cycle(range(1, len(CHANNELS) + 1)), []
    for first in range(0, PLANS, PART):
        part = slice(first, first + PART)
        began = process_time()
        for state, cause, step in zip(states[part], causes[part], steps, strict=False):
            planned(PLAYBOOK, state, step, cause)
        seconds.append(process_time() - began)
    return seconds


def _published() -> PlaybookPublished:
    return PlaybookPublished(
        occurred_at=START,
        recorded_at=START,
        playbook=PLAYBOOK.name,
        digest=PLAYBOOK.digest,
        content=PLAYBOOK.content,
    )


def _event(fact: Fact, name: str) -> Event[Fact]:
    return Event(Envelope(derived_id("benchmark", name), "/touchline/benchmark"), fact)
