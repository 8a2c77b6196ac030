"""Whatever a manager writes and whenever a lead enters, plans keep to the playbook."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engagement.cadence.timeline import timeline
from engagement.calendar import zones
from engagement.playbook import Cadence, Playbook
from engagement.playbook.block import Block
from schemas.codec import encode
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import PLAYBOOK

ZONES = ("America/New_York", "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Chatham", "Etc/UTC")
START = datetime(2025, 1, 1, tzinfo=UTC)

LENGTHS = st.one_of(
    st.fixed_dictionaries({"days": st.integers(1, 6)}),
    st.fixed_dictionaries({"hours": st.integers(1, 80)}),
    st.fixed_dictionaries({"minutes": st.integers(1, 600)}),
)
INTERVALS = st.builds(
    lambda length, business: {**length, **({"business": True} if business else {})},
    LENGTHS,
    st.booleans(),
)
TIMES = st.sampled_from(
    [{}, {"part": "morning"}, {"part": "afternoon"}, {"at": "10:00"}, {"at": "15:30"}]
)
TURNS = st.one_of(
    st.builds(lambda later, time: {"later": later, **time}, st.integers(0, 5), TIMES),
    INTERVALS.map(lambda interval: {"after": interval}),
    st.just({"with_previous": True}),
)
CALENDARS = st.sampled_from(
    [
        {},
        {"days": ["sat", "sun", "wed"], "hours": "08:00-20:00"},
        {"lunch": "12:00-13:00", "holidays": ["DE"]},
    ]
)


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """A playbook that `touchline playbook check` takes, with a block that is taken twice."""
    steps = _steps(draw(st.lists(TURNS, max_size=6)), day=1)
    block = {"times": 2, "gap_days": draw(st.integers(0, 5))}
    more = {"repeat": block, "steps": _steps(draw(st.lists(TURNS, max_size=3)), day=90)}
    known: dict[str, Any] = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"] = [*steps, more]
    known["calendar"] |= draw(CALENDARS)
    try:
        return Playbook.model_validate(known)
    except ValidationError:
        reject()  # times of one day in the wrong order, and the like


def _steps(turns: list[dict[str, Any]], day: int) -> list[dict[str, Any]]:
    """Steps whose days rise; the first begins on `day`, and an interval is over in a week."""
    known = {"channel": "call", "activity": "x"}
    steps: list[dict[str, Any]] = [{**known, "day": day}]
    for turn in turns:
        day += turn.get("later", 0) + 7 * ("after" in steps[-1])
        times = {key: value for key, value in turn.items() if key != "later"}
        steps.append({**known, **({"day": day} if "later" in turn else {}), **times})
    return steps


@settings(max_examples=60)
@given(playbooks(), st.sampled_from(ZONES), st.integers(0, 525_600))
def test_plans_rise_lie_in_windows_and_come_once_for_each_step(
    playbook: Playbook, zone: str, minutes: int
) -> None:
    features = Features(source="x", time_zone=zone)
    entered_at = START + timedelta(minutes=minutes)
    plans = list(timeline(playbook, features, entered_at))
    (cadence,) = playbook.cadences
    assert [plan.step for plan in plans] == list(range(1, len(cadence.steps) + 1))
    assert [plan.not_before for plan in plans] == sorted(plan.not_before for plan in plans)
    assert len({plan.plan_id for plan in plans}) == len(plans)
    for plan in plans:
        assert plan.not_before <= plan.due_at <= max(plan.lapses_at, plan.due_at)
        assert plan.not_before < plan.lapses_at
        _lies_in_its_window(playbook, plan, zone, entered_at)
    _rest_before_their_turn_comes_again(cadence, plans, zone)
    again = list(timeline(Playbook.from_content(playbook.content), features, entered_at))
    assert [_bytes(plan) for plan in again] == [_bytes(plan) for plan in plans]


def _lies_in_its_window(
    playbook: Playbook, plan: TouchPlanned, zone: str, entered_at: datetime
) -> None:
    if plan.not_before == entered_at:
        return  # the first touch, and those with it, come at any hour
    (cadence,) = playbook.cadences
    opens = plan.not_before.astimezone(zones.zone(zone))
    leader = cadence.leaders[plan.step - 1]
    hours = playbook.hours_of(cadence.steps[leader])
    if cadence.steps[leader].at is not None and leader == plan.step - 1:
        assert opens.time() == hours.opens
    assert opens.weekday() in playbook.calendar.weekdays
    assert hours.opens <= opens.time() < hours.closes
    assert plan.lapses_at.astimezone(zones.zone(zone)).time() <= hours.closes
    if playbook.calendar.lunch is not None:
        assert not time(12) <= opens.time() < time(13)


def _rest_before_their_turn_comes_again(
    cadence: Cadence, plans: list[TouchPlanned], zone: str
) -> None:
    days = [plan.not_before.astimezone(zones.zone(zone)).date() for plan in plans]
    block = cadence.written[-1]
    assert isinstance(block, Block)
    second = len(plans) - len(block.steps)
    assert (days[second] - days[second - 1]).days > block.repeat.gap_days


def _bytes(plan: TouchPlanned) -> bytes | None:
    return encode(Event(Envelope(derived_id("x"), "/test"), plan)).value
