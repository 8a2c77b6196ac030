"""Whatever happens to a lead, in whatever order, the cadence keeps its promises."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engagement.cadence.decider import Partition, replay
from engagement.cadence.state import Active
from engagement.cadence.stored import dump, load
from engagement.calendar import zones
from engagement.calendar.rules import SHORTEST
from engagement.decider import Refused
from engagement.playbook import Playbook
from schemas.codec import encode
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.decision import (
    CadenceEnded,
    CadenceEntered,
    CadenceMoved,
    EntryRefused,
)
from schemas.events.fact import Channel, Fact, Features
from schemas.events.lead import LeadCreated, MeetingBooked, OptedOut, ReplyReceived
from schemas.events.plan import TouchPlanned, TouchWithdrawn
from schemas.events.touch import TouchLapsed, TouchLogged
from tests.unit.cadence.facts import LEAD, PLAYBOOK, published

ZONES = (
    "America/New_York",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Chatham",
    "Mars/Olympus",
    None,
)
STARTS = tuple(
    datetime(year, month, day, tzinfo=UTC) for year, month, day in
    [(2025, 3, 1), (2025, 3, 25), (2024, 2, 26), (2025, 10, 20), (2025, 12, 28)]
)  # fmt: skip
CHANNELS: tuple[Channel, ...] = ("call", "email", "sms", "social")


def _night_shift() -> Playbook:
    """Windows that the clock's changes fall into, every day."""
    known = PLAYBOOK.model_dump(mode="json")
    known["calendar"] |= {"days": ["sun", "wed", "sat"], "hours": "01:15-03:20"}
    return Playbook.model_validate(known)


PLAYBOOKS = (PLAYBOOK, _night_shift())


class OneLead(RuleBasedStateMachine):
    """One lead, with time that only goes on; everything is delivered twice."""

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        playbook=st.sampled_from(PLAYBOOKS),
    )
    def begin(self, zone: str | None, start: datetime, playbook: Playbook) -> None:
        self.zone, self.now, self.names = zone, start, 0
        self.partition = Partition()
        self.log: list[Event[Fact]] = []
        self.decisions: list[Event[Fact]] = []
        self.plans: list[TouchPlanned] = []
        self.open: TouchPlanned | None = None
        self.made: datetime | None = None
        self.enrolments: list[UUID] = []
        self.running = False
        self.opted_out: set[str] = set()
        self.barred: set[str] = set()
        self._hear(published(playbook))

    @rule(hours=st.integers(0, 24 * 9), minutes=st.integers(0, 59))
    def time_goes_on(self, hours: int, minutes: int) -> None:
        self.now += timedelta(hours=hours, minutes=minutes)

    @rule(playbook=st.sampled_from(PLAYBOOKS))
    def a_playbook_is_published(self, playbook: Playbook) -> None:
        self._hear(published(playbook))

    @rule()
    def the_lead_comes_in(self) -> None:
        features = Features(source="shopify", time_zone=self.zone)
        self._say(LeadCreated(**self._times(), features=features, sealed=""))

    @precondition(lambda self: self.open)
    @rule(code=st.sampled_from((*PLAYBOOK.codes, "NOANSWER", "SENT", "SPOKE")))
    def the_open_touch_is_made(self, code: str) -> None:
        assert self.open
        self._touch(self.open.plan_id, code)

    @precondition(lambda self: self.open)
    @rule()
    def the_open_touch_lapses(self) -> None:
        assert self.open
        self.now = max(self.now, self.open.lapses_at)
        self._say(TouchLapsed(**self._times(), plan_id=self.open.plan_id))

    @precondition(lambda self: self.plans)
    @rule(data=st.data(), code=st.sampled_from(PLAYBOOK.codes))
    def some_touch_is_told_late(self, data: st.DataObject, code: str) -> None:
        plan = data.draw(st.sampled_from(self.plans))
        self._touch(plan.plan_id, code)

    @precondition(lambda self: self.open)
    @rule(code=st.sampled_from((*PLAYBOOK.codes, "NOANSWER")), hours=st.integers(0, 100))
    def the_open_touch_lapses_and_is_told_late(self, code: str, hours: int) -> None:
        assert self.open
        late, made = self.open.plan_id, self.now
        self.the_open_touch_lapses()
        self.now += timedelta(hours=hours)
        open_ = self.open
        self._touch(late, code, made=made)
        if open_ is not None:
            assert self.open is not open_
            assert self.open is None or self.open.corrects == open_.plan_id

    @rule(code=st.sampled_from(PLAYBOOK.codes))
    def a_touch_that_nobody_planned(self, code: str) -> None:
        self._touch(None, code)

    @rule(code=st.sampled_from((*PLAYBOOK.codes, "WHAT")))
    def a_foreign_touch(self, code: str) -> None:
        self._touch(UUID(int=self.names), code)

    @rule()
    def the_lead_replies(self) -> None:
        self._say(ReplyReceived(**self._times(), channel="email"))

    @rule()
    def the_lead_books_a_meeting(self) -> None:
        self._say(MeetingBooked(**self._times()))

    @rule(channel=st.sampled_from((*CHANNELS, *CHANNELS, "all")))
    def the_lead_opts_out(self, channel: Channel) -> None:
        self._say(OptedOut(**self._times(), channel=channel))

    @precondition(lambda self: any(stale(one.data) for one in self.log))
    @rule(data=st.data())
    def an_old_fact_about_plans_or_entry_comes_again(self, data: st.DataObject) -> None:
        self._again(data.draw(st.sampled_from([one for one in self.log if stale(one.data)])))

    @invariant()
    def a_running_cadence_has_one_open_plan(self) -> None:
        state = self.partition.states.get(LEAD)
        assert isinstance(state, Active) == self.running == (self.open is not None)
        if isinstance(state, Active):
            assert self.open
            assert state.plan_id == self.open.plan_id
            assert state.enrolment.id == self.enrolments[-1]

    @invariant()
    def what_is_stored_is_small_and_comes_back(self) -> None:
        for state in self.partition.states.values():
            assert load(dump(state)) == state
            assert not isinstance(state, Active) or state.overtaken is None
            assert len(dump(state)) < 600

    def teardown(self) -> None:
        again = list(replay(self.log))
        assert [encode(event) for event in again] == [encode(event) for event in self.decisions]
        assert len({event.envelope.id for event in again}) == len(again)

    def _say(self, fact: Fact) -> None:
        self.names += 1
        self._hear(Event(Envelope(derived_id("told", str(self.names)), "/test"), fact))

    def _hear(self, cause: Event[Fact]) -> None:
        self.log.append(cause)
        self._hear_of_channels(cause.data)
        decided = self.partition.apply(cause)
        if not isinstance(decided, Refused):
            for event in decided:
                assert event.envelope.cause == cause.envelope.id
                self._note(event)
        self._again(cause)

    def _hear_of_channels(self, fact: Fact) -> None:
        """What the lead wants no more, whatever the cadence makes of it."""
        match fact:
            case OptedOut(channel=channel):
                self.opted_out.add(channel)
            case TouchLogged(result_code="STOP"):
                self.opted_out.add("all")
            case _:
                pass

    def _again(self, cause: Event[Fact]) -> None:
        before = dict(self.partition.states)
        decided = self.partition.apply(cause)
        assert isinstance(decided, Refused) or decided == ()
        assert self.partition.states.get(LEAD) == before.get(LEAD)

    def _note(self, event: Event[Fact]) -> None:
        self.decisions.append(event)
        match event.data:
            case EntryRefused():
                assert not self.running
            case CadenceEntered() as entered:
                assert not self.running
                assert entered.enrolment_id not in self.enrolments
                self.enrolments.append(entered.enrolment_id)
                self.running, self.barred = True, self._denied(entered)
            case TouchPlanned() as plan:
                assert not {plan.channel, "all"} & (self.opted_out | self.barred)
                self._note_plan(plan)
                self._check_proof(plan)
            case TouchWithdrawn() as withdrawn:
                assert self.open
                assert withdrawn.plan_id == self.open.plan_id
            case CadenceEnded():
                assert self.running
                self.running, self.open = False, None

    def _denied(self, entered: CadenceEntered | CadenceMoved) -> set[str]:
        """What the lead's consent bars in the cadence that it enters."""
        playbook = self.partition.playbooks.by_digest[entered.playbook_digest]
        required = playbook.ruleset[entered.cadence].require_consent
        given = entered.features.consent.model_dump()
        return {
            channel
            for channel, consent in given.items()
            if consent == "denied" or (consent == "unknown" and channel in required)
        }

    def _note_plan(self, plan: TouchPlanned) -> None:
        assert self.running
        assert plan.plan_id not in {made.plan_id for made in self.plans}
        assert plan.recorded_at <= plan.not_before < plan.due_at <= plan.lapses_at
        if self.open is not None:
            assert self.open.enrolment_id == plan.enrolment_id
            assert self.open.step + (plan.corrects is None) <= plan.step
            assert plan.corrects in (None, self.open.plan_id)
            self._check_window(plan, self.open)
        self.plans.append(plan)
        self.open = plan

    def _check_window(self, plan: TouchPlanned, before: TouchPlanned) -> None:
        state = self.partition.states[LEAD]
        assert isinstance(state, Active)
        playbook = self.partition.playbooks.by_digest[state.enrolment.playbook_digest]
        calendar, steps = playbook.calendar, playbook.cadences[0].steps
        zone = zones.zone(state.enrolment.time_zone)
        minute = plan.not_before
        while minute < plan.lapses_at:
            local = minute.astimezone(zone)
            assert calendar.hours.opens <= local.time() < calendar.hours.closes
            assert local.weekday() in calendar.weekdays
            minute += timedelta(minutes=10)
        assert plan.lapses_at - plan.not_before >= SHORTEST
        if (steps[plan.step - 1].day or 0) > (steps[before.step - 1].day or 0):
            assert _date(plan.not_before, state) > _date(self.made or plan.recorded_at, state)

    def _check_proof(self, plan: TouchPlanned) -> None:
        assert plan.allowed_by
        assert plan.local_time
        assert plan.time_zone
        told = datetime.fromisoformat(plan.local_time)
        assert timedelta() <= plan.not_before - told < timedelta(minutes=1)
        assert told.utcoffset() == told.astimezone(zones.zone(plan.time_zone)).utcoffset()
        held = [rule for rule in plan.denied_by or () if rule.startswith(("pause", "caps."))]
        assert bool(held) == (plan.moved_from is not None)

    def _touch(self, plan_id: UUID | None, code: str, *, made: datetime | None = None) -> None:
        self.made, times = made, self._times(made)
        self._say(TouchLogged(**times, plan_id=plan_id, channel="call", result_code=code))
        self.made = None

    def _times(self, occurred_at: datetime | None = None) -> dict[str, object]:
        times = {"occurred_at": occurred_at or self.now, "recorded_at": self.now}
        return {"lead_id": LEAD, **times}


def stale(fact: Fact) -> bool:
    """What says by itself which enrolment it belongs to; it may come again at any time."""
    match fact:
        case TouchLogged(plan_id=plan_id):
            return plan_id is not None
        case TouchLapsed() | LeadCreated():
            return True
        case _:
            return False


def _date(moment: datetime, state: Active) -> date:
    return moment.astimezone(zones.zone(state.enrolment.time_zone)).date()


TestOneLead = OneLead.TestCase
