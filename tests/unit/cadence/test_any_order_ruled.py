"""Under every rule around a cadence, too, it keeps its promises in whatever order facts come."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from engagement.cadence.calling_back import PROMISED
from engagement.cadence.state import Active, dump, load
from engagement.playbook import Playbook
from engagement.playbook.result import WAITING
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered, CadenceMoved, CadencePaused, EntryRefused
from schemas.events.fact import Channel, ChannelConsent, Consent, Fact, Features
from schemas.events.lead import (
    Bounced,
    CallbackRequested,
    EnrolmentMoved,
    EnrolmentPaused,
    EnrolmentResumed,
    LeadCreated,
    LeadReassigned,
    MeetingBooked,
    ReplyReceived,
)
from schemas.events.plan import TouchPlanned, TouchSkipped
from schemas.events.touch import TouchLogged
from tests.unit.cadence.facts import LEAD, published
from tests.unit.cadence.one_counted_lead import OneCountedLead
from tests.unit.cadence.ruled_playbooks import CODES, ENDS, PLAYBOOKS
from tests.unit.cadence.test_any_order import CHANNELS, STARTS, ZONES, stale
from tests.unit.cadence.test_lawful_calls import open_between

OFFS = UUID(int=1), UUID(int=2)
WAITS = st.none() | st.integers(-3, 40).map(lambda days: timedelta(days=days, minutes=7))


class OneRuledLead(OneCountedLead):
    """The same lead, with caps, pauses, promises, consent, and people who step in."""

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        playbook=st.sampled_from(PLAYBOOKS),
    )
    def begin(self, zone: str | None, start: datetime, playbook: Playbook) -> None:
        self.touches = []
        self.tries: Counter[tuple[UUID, int]] = Counter()
        self.paused = self.taken_over = False
        self.answered = 0
        self.bounced: set[str] = set()
        self.interrupted = None
        super().begin(zone, start, playbook)

    @rule(playbook=st.sampled_from(PLAYBOOKS))
    def a_playbook_is_published(self, playbook: Playbook) -> None:
        self._hear(published(playbook))

    @rule(call=st.sampled_from(["granted", "denied", "unknown"]))
    def the_lead_comes_in(self, call: Consent = "unknown") -> None:
        consent = ChannelConsent(call=call, email="granted")
        features = Features(source="web", time_zone=self.zone, consent=consent)
        self._say(LeadCreated(**self._times(), features=features, sealed=""))

    @precondition(lambda self: self.open)
    @rule(code=st.sampled_from(["BUSY", "BACK", "LATER", "LATER", "ENOUGH"]), wait=WAITS)
    def the_open_touch_ends_in_a_wait(self, code: str, wait: timedelta | None) -> None:
        assert self.open
        at = None if wait is None else self.now + wait
        plan = self.open
        self.tries[plan.enrolment_id, plan.step] += 1
        self._touch(plan.plan_id, code, plan.channel, at)
        if code in {"BUSY", "BACK"}:
            self._check_tries(plan, code)

    @rule(code=st.sampled_from(CODES), channel=st.sampled_from(CHANNELS), wait=WAITS)
    def a_touch_that_nobody_planned_ends_in_any_way(
        self, code: str, channel: Channel, wait: timedelta | None
    ) -> None:
        before, enrolment = self.running, self.enrolments[-1:]
        self._touch(None, code, channel, None if wait is None else self.now + wait)
        if before and PLAYBOOKS[0].actions[code] in ENDS:
            assert not self.running
            assert self.enrolments[-1:] == enrolment

    @precondition(lambda self: self.running)
    @rule(channel=st.sampled_from(CHANNELS))
    def a_channel_is_closed(self, channel: Channel) -> None:
        rules = self._rules()
        self.the_lead_opts_out(channel)
        assert not (self.running and rules.opted_out == "finish")

    @rule(wait=WAITS)
    def the_lead_asks_for_a_call(self, wait: timedelta | None) -> None:
        self._say(CallbackRequested(**self._times(), callback_at=wait and self.now + wait))

    @rule(channel=st.sampled_from(CHANNELS))
    def a_message_comes_back(self, channel: Channel) -> None:
        self._say(Bounced(**self._times(), channel=channel))

    @rule(rep=st.sampled_from(["ana", "bo", None]))
    def another_rep_takes_over(self, rep: str | None) -> None:
        before, self.taken_over = self.open, True
        self._say(LeadReassigned(**self._times(), rep_id=rep))
        self.taken_over = False
        if self.open and self.open is not before:
            assert before
            self._check_as_it_was(before, self.open)
            assert self.open.for_rep == rep

    @rule(wait=WAITS)
    def people_pause_it(self, wait: timedelta | None) -> None:
        self._say(EnrolmentPaused(**self._times(), until=wait and self.now + wait))

    @rule()
    def people_resume_it(self) -> None:
        self._say(EnrolmentResumed(**self._times()))

    @rule(off=st.sampled_from(OFFS), days=st.integers(-1, 20))
    def the_team_is_off(self, off: UUID, days: int) -> None:
        until = self.now + timedelta(days=days, minutes=3)
        self._say(EnrolmentPaused(**self._times(), until=until, time_off_id=off))

    @rule(off=st.sampled_from(OFFS), days=st.integers(-1, 9))
    def the_team_is_back_early(self, off: UUID, days: int) -> None:
        waited, goes_on = self.paused, self.now + timedelta(days=days, minutes=3)
        self._say(EnrolmentResumed(**self._times(), time_off_id=off, goes_on_at=goes_on))
        assert self.paused == waited

    @rule(wait=WAITS)
    def a_machine_answers(self, wait: timedelta | None) -> None:
        back = wait and self.now + wait
        fact = ReplyReceived(**self._times(), channel="email", auto_reply=True, returns_on=back)
        self._say(fact)

    @rule(channel=st.sampled_from(CHANNELS))
    def the_lead_replies(self, channel: Channel = "email") -> None:
        self._say(ReplyReceived(**self._times(), channel=channel))

    @rule()
    def the_lead_books_a_meeting(self) -> None:
        self._say(MeetingBooked(**self._times()))

    @precondition(lambda self: any(self._repeatable(one) for one in self.log))
    @rule(data=st.data())
    def an_old_fact_about_plans_or_entry_comes_again(self, data: st.DataObject) -> None:
        self._again(data.draw(st.sampled_from([one for one in self.log if self._repeatable(one)])))

    @invariant()
    def what_is_stored_is_small_and_comes_back(self) -> None:
        for state in self.partition.states.values():
            assert load(dump(state)) == state
            assert not isinstance(state, Active) or state.overtaken is None
            assert len(dump(state)) < 600

    @invariant()
    def a_running_cadence_has_one_open_plan(self) -> None:
        state = self.partition.states.get(LEAD)
        assert isinstance(state, Active) == self.running
        if isinstance(state, Active):
            assert state.plan_id == (self.open and self.open.plan_id)
            assert self.paused == (self.open is None)
            assert state.enrolment.id == self.enrolments[-1]

    def _hear_of_channels(self, fact: Fact) -> None:
        super()._hear_of_channels(fact)
        if isinstance(fact, Bounced):
            self.bounced.add(fact.channel)
            self.barred.add(fact.channel)

    def _denied(self, entered: CadenceEntered | CadenceMoved) -> set[str]:
        return super()._denied(entered) | self.bounced

    def _repeatable(self, one: Event[Fact]) -> bool:
        """A lead that was not taken in may be taken in later, under another playbook."""
        told = (event for event in self.decisions if not isinstance(event.data, EntryRefused))
        entered = one.envelope.id in {event.envelope.cause for event in told}
        return stale(one.data) and (entered or not isinstance(one.data, LeadCreated))

    def _touch(
        self,
        plan_id: UUID | None,
        code: str,
        channel: Channel = "call",
        at: datetime | None = None,
        *,
        made: datetime | None = None,
    ) -> None:
        times = self._times(made)
        fact = TouchLogged(
            **times, plan_id=plan_id, channel=channel, result_code=code, rep_id="bo",
            callback_at=at,
        )  # fmt: skip
        self._follow_touch(fact)
        self._count_touch(plan_id, code, channel, made or self.now)
        self.made = made
        promised = max(at, self.now) if at else None
        self._say_of_a_touch(fact)
        self.made = None
        if code == "LATER" and promised and self.open and self.open.again == "callback":
            assert self.open.recorded_at != self.now or self.open.not_before >= promised

    def _say_of_a_touch(self, fact: TouchLogged) -> None:
        """One that a pause overtook is an attempt all the same, and ends what it ends."""
        counts, before = self.interrupted is not None, self.partition.states.get(LEAD)
        self._say(fact)
        if counts and isinstance(before, Active):
            after = self.partition.states[LEAD]
            action = PLAYBOOKS[0].actions[fact.result_code]
            goes_on = action == "next-touch" or action in WAITING
            assert isinstance(after, Active) == goes_on
            assert not isinstance(after, Active) or after.attempts == before.attempts + 1
        self.interrupted = None

    def _follow_touch(self, fact: TouchLogged) -> None:
        """Which plans are answered by it, and whether it was in the making in a pause."""
        state = self.partition.states.get(LEAD)
        self.interrupted = None
        if not isinstance(state, Active) or fact.result_code not in CODES:
            return
        self.interrupted = fact.plan_id if self._was_interrupted(fact) else None
        late = fact.plan_id is not None and fact.plan_id != state.plan_id
        if fact.plan_id is None or (
            late and not (self.interrupted or self._is_late(state, fact.plan_id))
        ):
            return
        stands = late and state.again == "callback" and not self.paused
        self.answered = len(self.plans) - stands

    def _was_interrupted(self, fact: TouchLogged) -> bool:
        """Whether it was in the making when the cadence was paused: it has to count."""
        if not self.paused:
            return False
        last = self.plans[-1]
        step = (one for one in self.plans[self.answered :] if one.step == last.step)
        return fact.plan_id in {
            one.plan_id for one in step if one.enrolment_id == last.enrolment_id
        }

    def _note(self, event: Event[Fact]) -> None:
        if isinstance(event.data, CadencePaused):
            told = self.log[-1].data
            made = told.plan_id if isinstance(told, TouchLogged) else None
            assert event.data.plan_id == (made if self.open is None else self.open.plan_id)
            self.decisions.append(event)
            self.open, self.paused = None, True
            return
        if isinstance(event.data, TouchSkipped):
            assert self.running
        super()._note(event)
        if not self.running:
            self.paused = False

    def _note_plan(self, plan: TouchPlanned) -> None:
        assert self.running
        assert plan.plan_id not in {made.plan_id for made in self.plans}
        assert plan.recorded_at <= plan.not_before <= plan.due_at <= plan.lapses_at
        assert plan.not_before < plan.lapses_at
        last = self._last_plan(plan)
        if last is not None:
            assert plan.corrects in (None, self.open and self.open.plan_id)
            before = (last.step, last.attempt or 1)
            assert before < (plan.step, plan.attempt or 1)
        if last is not None and plan.again != "callback" and not self.taken_over:
            self._check_window(plan, last)
        elif plan.allowed_by == PROMISED:
            assert self._is_promised()
        self._check_caps(plan)
        self.plans.append(plan)
        self.open, self.paused = plan, False

    def _check_as_it_was(self, before: TouchPlanned, plan: TouchPlanned) -> None:
        """The same touch, at its moment or at once, and no longer than it was to be."""
        same = (plan.enrolment_id, plan.step, plan.channel, plan.again, plan.kind)
        assert same == (
            before.enrolment_id,
            before.step,
            before.channel,
            before.again,
            before.kind,
        )
        hours = open_between(before)
        assert plan.not_before == next(max(one, self.now) for one, end in hours if self.now < end)
        assert plan.lapses_at <= before.lapses_at

    def _check_tries(self, plan: TouchPlanned, code: str) -> None:
        """The same step is open again only while it was touched less often than is allowed."""
        of = plan.enrolment_id, plan.step
        if self.open and (self.open.enrolment_id, self.open.step) == of:
            assert self.tries[of] < (self._its_playbook().tries[code] or 0)

    def _is_promised(self) -> bool:
        """Whether the lead named a moment or asked to be called at once, or that is taken up."""
        match self.log[-1].data:
            case TouchLogged(callback_at=at):
                return at is not None
            case fact:
                told = CallbackRequested | EnrolmentResumed | EnrolmentMoved | LeadReassigned
                return isinstance(fact, told)

    def _last_plan(self, plan: TouchPlanned) -> TouchPlanned | None:
        made = [one for one in self.plans if one.enrolment_id == plan.enrolment_id]
        return made[-1] if made else None


TestOneRuledLead = OneRuledLead.TestCase
