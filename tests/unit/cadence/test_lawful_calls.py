"""Wherever a lead is and whenever its touches are made: no call outside the state's hours."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.cadence.decider import Partition
from engagement.cadence.facts import Cause
from engagement.cadence.state import Active
from engagement.calendar import zones
from engagement.calendar.us_states import calling, states
from engagement.decider import Refused
from schemas.envelope import Event
from schemas.events.fact import Fact
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import LEAD, at, lapsed, plan, published, touched
from tests.unit.cadence.test_calendar_keys import EVERY_DAY, keeping, lead

ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu", None)
REGIONS = st.none() | st.sampled_from(sorted(states() | {"NY"}))
RULES = keeping(**EVERY_DAY, calling_rules="us-states", infer_zone=True, lunch="12:00-13:00")
MINUTES = st.integers(0, 4_000)


@settings(deadline=None)
@given(
    region=REGIONS,
    zone=st.sampled_from(ZONES),
    entered=st.integers(0, 200 * 24 * 4),
    waits=st.lists(MINUTES, min_size=9, max_size=9),
)
def test_no_call_is_planned_outside_the_hours_of_the_state(
    region: str | None, zone: str | None, entered: int, waits: list[int]
) -> None:
    moment = at("03-01 00:00") + timedelta(minutes=15 * entered)
    entry = lead(_told(moment), zone, f"US-{region}" if region else None)
    partition = Partition()
    partition.apply(published(RULES))
    planned = _planned(partition, Event(entry.envelope, entry.data))
    for wait in waits:
        if planned is None:
            break
        _check(partition, planned, region)
        planned = _planned(partition, _after(entry, planned, wait))


def _planned(partition: Partition, fact: Event[Fact]) -> TouchPlanned | None:
    decided = partition.apply(fact)
    assert not isinstance(decided, Refused)
    return next((one.data for one in decided if isinstance(one.data, TouchPlanned)), None)


def _after(entry: Cause, planned: TouchPlanned, wait: int) -> Event[Fact]:
    """The touch, so many minutes after it was due to open; where that is too late, its lapse."""
    open_plan, made = plan(entry, planned.step), planned.not_before + timedelta(minutes=wait)
    if made >= planned.lapses_at:
        return lapsed(_told(planned.lapses_at), open_plan)
    return touched(_told(made), open_plan, channel=planned.channel)


def _check(partition: Partition, planned: TouchPlanned, region: str | None) -> None:
    assert planned.recorded_at <= planned.not_before < planned.due_at <= planned.lapses_at
    if planned.channel not in ("call", "sms"):
        return
    state = partition.states[LEAD]
    assert isinstance(state, Active)
    zone = zones.zone(state.enrolment.time_zone)
    for opens_at, closes_at in open_between(planned):
        opens, closes = opens_at.astimezone(zone), closes_at.astimezone(zone)
        hours = calling(opens.date(), region)
        assert not isinstance(hours, str), hours
        assert opens.date() == closes.date()
        assert hours.opens <= opens.time() < closes.time() <= hours.closes


def open_between(planned: TouchPlanned) -> list[tuple[datetime, datetime]]:
    """When it may be made: in order, each apart from the next, from its opening to its lapse."""
    if planned.open_hours is None:
        return [(planned.not_before, planned.lapses_at)]
    spans = [(one.opens_at, one.closes_at) for one in planned.open_hours]
    assert len(spans) > 1
    assert (spans[0][0], spans[-1][1]) == (planned.not_before, planned.lapses_at)
    assert all(opens < closes for opens, closes in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    return spans


def _told(moment: datetime) -> str:
    return moment.strftime("%m-%d %H:%M")
