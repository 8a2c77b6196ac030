"""Touches told late, or in another order than they were made, lead to the plan of their order."""

from datetime import datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from engagement.cadence.decider import Partition
from engagement.playbook import Playbook
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Channel, Fact, Features
from schemas.events.lead import LeadCreated
from schemas.events.plan import TouchPlanned
from schemas.events.touch import TouchLapsed, TouchLogged
from tests.unit.cadence.facts import LEAD, PLAYBOOK, published, ruled
from tests.unit.cadence.test_any_order import CHANNELS, STARTS, ZONES

CAPPED = ruled(caps={"gap_minutes": 300, "per_day": 2, "email": {"gap_minutes": 2_880}})
MOMENTS = ("step", "channel", "not_before", "due_at", "lapses_at", "attempts")
MADE = st.integers(0, 60 * 24 * 3).map(lambda minutes: timedelta(minutes=minutes))
PLAYBOOKS = st.sampled_from([PLAYBOOK, CAPPED])
STRAY = st.tuples(st.integers(0, 60 * 24 * 9), st.sampled_from(CHANNELS))


class Lead:
    """One lead, and its last plan."""

    def __init__(self, playbook: Playbook, zone: str | None, start: datetime) -> None:
        self.partition, self.names = Partition(), 0
        self.partition.apply(published(playbook))
        self.open: TouchPlanned | None = None
        features = Features(source="web", time_zone=zone)
        self.hears(LeadCreated(**_times(start, start), features=features, sealed=""))

    def hears(self, fact: Fact) -> None:
        """The fact, and what is planned on it."""
        self.names += 1
        told = Event(Envelope(derived_id("told", str(self.names)), "/test"), fact)
        decided = self.partition.apply(told)
        assert isinstance(decided, tuple)
        plans = [one.data for one in decided if isinstance(one.data, TouchPlanned)]
        self.open = plans[-1] if plans else self.open

    def touched(self, made: datetime, told: datetime) -> None:
        """The open touch."""
        assert self.open
        self._logged(self.open, made, told)

    def lapsed_and_touched(self, made: datetime, told: datetime) -> None:
        """The open touch, told when its plan had lapsed, and the next one had not."""
        assert self.open
        late, lapses_at = self.open, self.open.lapses_at
        self.hears(TouchLapsed(**_times(lapses_at, lapses_at), plan_id=late.plan_id))
        assume(told < self.open.lapses_at)
        self._logged(late, made, told)

    def stray(self, made: datetime, told: datetime, channel: Channel) -> None:
        """A touch that nobody planned."""
        times = _times(made, told)
        self.hears(TouchLogged(**times, channel=channel, result_code="NOANSWER"))

    def _logged(self, plan: TouchPlanned, made: datetime, told: datetime) -> None:
        touch = TouchLogged(
            **_times(made, told),
            plan_id=plan.plan_id,
            channel=plan.channel,
            result_code="NOANSWER",
        )
        self.hears(touch)


@given(
    PLAYBOOKS,
    st.sampled_from(ZONES),
    st.sampled_from(STARTS),
    st.lists(MADE, min_size=1, max_size=7),
    st.integers(0, 60 * 24 * 6),
)
def test_a_touch_told_late_leads_to_the_plan_that_it_would_have_led_to(
    playbook: Playbook, zone: str | None, start: datetime, made: list[timedelta], late: int
) -> None:
    in_time, lead = Lead(playbook, zone, start), Lead(playbook, zone, start)
    *before, last = made
    for wait in before:
        for one in (in_time, lead):
            moment = _made(one, wait)
            one.touched(moment, moment)
    moment = _made(lead, last)
    told = moment + timedelta(minutes=late)
    in_time.touched(moment, moment)
    assert lead.open
    lapsed = lead.open.lapses_at <= told
    (lead.lapsed_and_touched if lapsed else lead.touched)(moment, told)
    assert in_time.open
    assert lead.open
    assert (lead.open.corrects is not None) == lapsed
    assert (lead.open.step, lead.open.channel) == (in_time.open.step, in_time.open.channel)
    if in_time.open.not_before >= told:
        assert _plan(lead) == _plan(in_time)
    else:
        assert told <= lead.open.not_before
        assert lead.open.not_before - told < timedelta(days=9)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(STARTS),
    st.lists(STRAY, min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_touches_are_told_does_not_matter(
    zone: str | None, start: datetime, strays: list[tuple[int, Channel]], order: object
) -> None:
    made = sorted(strays)
    shuffled = list(made)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    plans = []
    for told_in in (made, shuffled):
        lead = Lead(CAPPED, zone, start)
        told = start + timedelta(days=9)
        for minutes, channel in told_in:
            lead.stray(start + timedelta(minutes=minutes), told, channel)
        lead.touched(told, told)
        plans.append(_plan(lead))
    assert plans[0] == plans[1]


def _made(lead: Lead, wait: timedelta) -> datetime:
    """A moment before the open plan lapses, so that it may still be answered in time."""
    assert lead.open
    moment = lead.open.not_before + wait
    return min(moment, lead.open.lapses_at - timedelta(minutes=1))


def _plan(lead: Lead) -> tuple[object, ...]:
    assert lead.open
    return tuple(getattr(lead.open, name) for name in MOMENTS)


def _times(made: datetime, told: datetime) -> dict[str, object]:
    return {"lead_id": LEAD, "occurred_at": made, "recorded_at": told}
