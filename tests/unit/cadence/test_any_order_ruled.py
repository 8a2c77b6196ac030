"""Under every rule around a cadence, too, it keeps its promises in whatever order facts come."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from engagement.cadence.state import Active
from engagement.cadence.stored import dump, load
from engagement.playbook import Playbook
from schemas.events.decision import CadenceEnded
from schemas.events.fact import Channel, ChannelConsent, Consent, Disposition, Features
from schemas.events.lead import (
    Bounced,
    CallbackRequested,
    EnrolmentPaused,
    EnrolmentRemoved,
    EnrolmentResumed,
    LeadCreated,
    LeadReassigned,
    MeetingBooked,
    ReplyReceived,
)
from tests.unit.cadence.facts import LEAD, published
from tests.unit.cadence.one_followed_lead import OneFollowedLead
from tests.unit.cadence.ruled_playbooks import CODES, ENDS, PLAYBOOKS
from tests.unit.cadence.test_any_order import CHANNELS, STARTS, ZONES

OFFS = UUID(int=1), UUID(int=2)
WAITS = st.none() | st.integers(-3, 40).map(lambda days: timedelta(days=days, minutes=7))


class OneRuledLead(OneFollowedLead):
    """The same lead, with caps, pauses, promises, consent, and people who step in."""

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        playbook=st.sampled_from(PLAYBOOKS),
    )
    def begin(self, zone: str | None, start: datetime, playbook: Playbook) -> None:
        self.touches = []
        self.tries = Counter()
        self.paused = self.taken_over = False
        self.answered = 0
        self.bounced = set()
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

    @rule(hours=st.integers(1, 40))
    def nobody_calls_a_lead_that_asked(self, hours: int) -> None:
        self.the_lead_asks_for_a_call(timedelta(hours=hours))
        if self.open:
            self.the_open_touch_lapses()

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

    @rule(why=st.sampled_from(["duplicate", None]))
    def people_take_it_out(self, why: Disposition | None) -> None:
        before, enrolment = self.running, self.enrolments[-1:]
        self._say(EnrolmentRemoved(**self._times(), why=why))
        assert not self.running
        assert self.enrolments[-1:] == enrolment
        last = self.decisions[-1].data if before else None
        assert not before or (isinstance(last, CadenceEnded) and last.closed_as == "removed")

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
        self._check_absence(fact)

    def _check_absence(self, fact: ReplyReceived) -> None:
        """The latest answer alone says the end: after it, and no later than it told."""
        state = self.partition.states.get(LEAD)
        if not isinstance(state, Active) or self._rules().out_of_office.action != "pause":
            return
        assert state.answered is not None
        assert state.answered.recorded_at == fact.recorded_at
        until = state.answered.until
        assert until is None or fact.recorded_at < until
        longest = fact.recorded_at + self._rules().longest_absence
        assert until is None or until <= longest

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


TestOneRuledLead = OneRuledLead.TestCase
