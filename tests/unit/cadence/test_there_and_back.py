"""Moved there and back, with nothing else between, a lead has the plan that it would have had.

Only what has passed meanwhile is gone: a touch that could be made already is planned for now, and
is due no earlier. Whatever happens afterwards leads to the same plans as if nobody had moved it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from engagement.cadence.decider import Partition
from engagement.cadence.state import Active
from engagement.decider import Refused
from engagement.playbook import Playbook
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.decision import CadenceEnded
from schemas.events.fact import Fact, Features
from schemas.events.lead import (
    CallbackRequested,
    EnrolmentMoved,
    EnrolmentPaused,
    LeadCreated,
)
from schemas.events.plan import TouchPlanned
from schemas.events.touch import TouchLapsed, TouchLogged
from tests.unit.cadence.facts import LEAD, published
from tests.unit.cadence.test_any_order import STARTS, ZONES
from tests.unit.cadence.test_any_order_moved import ALIKE, VERSIONS
from tests.unit.cadence.test_lawful_calls import open_between
from tests.unit.cadence.versions import version

AMONG = (
    *VERSIONS,
    *ALIKE,
    version(
        "bcegi",
        {"b": {"channel": "email"}, "e": {"only_if": {"opened": True}}, "g": {"channel": "email"}},
    ),
    version("ghab", {"g": {"at": "10:15"}, "h": {"day": None, "after": {"minutes": 40}}}),
    version("abfh", {"f": {"day": 6, "gap_days": 3}, "h": {"day": 9, "gap_days": 2}}),
    version(
        "abcd",
        {"b": {"day": None, "with_previous": True}},
        rulesets=[
            {"name": "x", "stale_after_days": 3, "caps": {"gap_minutes": 240, "per_day": 2}}
        ],
    ),
)
OTHER = {"plan_id", "attempt", "occurred_at", "recorded_at"}
"""What says that a plan is another one."""
PASSING = {"not_before", "due_at", "local_time", "denied_by", "allowed_by", "open_hours"}
"""What depends on how late it is."""

NO_TIME = timedelta(0)
HOURS = st.integers(0, 60 * 30).map(lambda minutes: timedelta(minutes=minutes))
Happens = tuple[str, timedelta]
HAPPENS = st.tuples(
    st.sampled_from(["touch", "touch", "touch", "lapse", "retry", "callback", "asked", "pause"]),
    HOURS,
)


class Moved:
    """A lead to whom anything may happen, and whom people may move; its last plan."""

    def __init__(self, playbook: Playbook, zone: str | None, start: datetime) -> None:
        self.partition, self.moments, self.names = Partition(), [start], 0
        self.open: TouchPlanned | None = None
        self.ended = False
        self.features = Features(source="web", time_zone=zone)
        for one in (*AMONG, playbook):
            self.partition.apply(published(one))
        self.tells(start, LeadCreated, features=self.features, sealed="")

    @property
    def now(self) -> datetime:
        """When the last thing happened."""
        return self.moments[-1]

    @property
    def state(self) -> Active:
        """What is remembered of the lead, which is in a cadence."""
        state = self.partition.states[LEAD]
        assert isinstance(state, Active)
        return state

    def happens(self, what: str, wait: timedelta, opens: datetime) -> None:
        """Something, so long after the last thing and after `opens`, while the plan is open."""
        assert self.open
        plan = self.open
        last = plan.lapses_at - timedelta(minutes=1)
        then = max(self.now, min(max(self.now, opens) + wait, last))
        if what == "lapse" or plan.waits_for is not None:
            then = max(self.now, plan.lapses_at)
            self.tells(then, TouchLapsed, plan_id=plan.plan_id)
        elif what in CODES:
            told = {"plan_id": plan.plan_id, "channel": plan.channel, "rep_id": "bo"}
            self.tells(then, TouchLogged, **told, result_code=CODES[what])
        elif what == "asked":
            self.tells(then, CallbackRequested, callback_at=then + wait)
        else:
            self.tells(self.now, EnrolmentPaused, until=self.now + wait)

    def is_moved(self, to: Playbook, at: datetime) -> None:
        """As the command does: not where it would end."""
        entered = {"enrolment_id": self.state.enrolment.id, "features": self.features}
        target = {"playbook_digest": to.digest, "cadence": to.cadences[0].name}
        known = self.partition.states[LEAD], self.open
        self.tells(at, EnrolmentMoved, **entered, **target)
        if self.ended:
            (self.partition.states[LEAD], self.open), self.ended = known, False

    def tells(self, at: datetime, kind: Callable[..., Fact], **said: Any) -> None:
        """This fact, and what follows from it."""
        self.moments.append(at)
        self.names += 1
        fact = kind(lead_id=LEAD, occurred_at=at, recorded_at=at, **said)
        cause = Event(Envelope(derived_id("told", str(self.names)), "/test"), fact)
        decided = self.partition.apply(cause)
        assert not isinstance(decided, Refused)
        for one in decided:
            self.open = one.data if isinstance(one.data, TouchPlanned) else self.open
            self.ended = self.ended or isinstance(one.data, CadenceEnded)


CODES = {"touch": "NOANSWER", "retry": "BUSY", "callback": "LATER"}


def both_hear(stays: Moved, goes: Moved, happens: Happens) -> None:
    """The same at the same moment: not before the plan of either may be answered."""
    assert stays.open
    assert goes.open
    opens = max(stays.open.not_before, goes.open.not_before)
    for lead in (stays, goes):
        lead.happens(*happens, opens)


def told(plan: TouchPlanned | None, but: set[str]) -> dict[str, Any] | None:
    return None if plan is None else plan.model_dump(exclude=but)


def opening(plan: TouchPlanned, moment: datetime) -> datetime:
    """The first moment from then on at which the touch may be made."""
    hours = open_between(plan)
    return next(max(opens, moment) for opens, closes in hours if moment < closes)


@settings(max_examples=400)
@given(
    home=st.sampled_from(AMONG),
    zone=st.sampled_from(ZONES),
    start=st.sampled_from(STARTS),
    before=st.lists(HAPPENS, max_size=6),
    away=st.lists(st.tuples(st.sampled_from(AMONG), HOURS), min_size=1, max_size=3),
    back=HOURS,
    after=st.lists(HAPPENS, min_size=1, max_size=4),
)
@example(
    home=VERSIONS[0],
    zone="America/New_York",
    start=datetime(2025, 3, 1, tzinfo=UTC),
    before=[("touch", NO_TIME), ("asked", timedelta(minutes=288)), ("callback", NO_TIME)],
    away=[(VERSIONS[2], NO_TIME)],
    back=timedelta(minutes=1344),
    after=[("touch", NO_TIME)],
)  # back in the evening of the day on which a callback opened in the hours of the calendar
@example(
    home=VERSIONS[0],
    zone="America/New_York",
    start=datetime(2025, 3, 1, tzinfo=UTC),
    before=[("touch", NO_TIME), ("callback", NO_TIME)],
    away=[(VERSIONS[2], NO_TIME)],
    back=timedelta(minutes=480),
    after=[("asked", NO_TIME)],
)  # the lead asks for the very moment at which that callback opens again
@example(
    home=VERSIONS[0],
    zone="America/New_York",
    start=datetime(2025, 3, 1, tzinfo=UTC),
    before=[("touch", NO_TIME), ("callback", NO_TIME)],
    away=[(VERSIONS[2], NO_TIME)],
    back=timedelta(minutes=480),
    after=[("pause", timedelta(minutes=960))],
)  # a pause, while that callback is closed for the night, which ends after it opens again
@example(
    home=VERSIONS[0],
    zone="America/New_York",
    start=datetime(2025, 3, 1, tzinfo=UTC),
    before=[("touch", NO_TIME), ("callback", NO_TIME)],
    away=[(VERSIONS[2], NO_TIME)],
    back=timedelta(minutes=480),
    after=[("pause", timedelta(minutes=60))],
)  # and one which ends before that
def test_a_lead_that_was_moved_there_and_back_goes_on_as_if_it_had_not_been(
    *,
    home: Playbook,
    zone: str | None,
    start: datetime,
    before: list[Happens],
    away: list[tuple[Playbook, timedelta]],
    back: timedelta,
    after: list[Happens],
) -> None:
    stays, goes = Moved(home, zone, start), Moved(home, zone, start)
    for happens in before:
        both_hear(stays, goes, happens)
        assume(not stays.ended)
    at = goes.now
    for to, wait in (*away, (home, back)):
        at += wait + timedelta(microseconds=1)
        goes.is_moved(to, at)
    assert stays.open
    assert goes.open
    assume(at + timedelta(minutes=1) < stays.open.lapses_at)

    assert told(goes.open, OTHER | PASSING) == told(stays.open, OTHER | PASSING)
    if goes.open.plan_id != stays.open.plan_id:
        assert goes.open.not_before == opening(stays.open, goes.open.recorded_at)
        assert goes.open.due_at == max(stays.open.due_at, goes.open.not_before)
        assert goes.open.allowed_by == stays.open.allowed_by
    known = stays.open
    for lead in (stays, goes):
        lead.moments.append(at + timedelta(seconds=1))
    for happens in after:
        both_hear(stays, goes, happens)
        assert goes.ended == stays.ended
        if stays.ended:
            return
        but = OTHER if stays.open is not known else OTHER | PASSING
        assert told(goes.open, but) == told(stays.open, but)
