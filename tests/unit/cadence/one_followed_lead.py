"""What must be so of a lead to whom anything may happen: held against each decision about it."""

from collections import Counter
from datetime import datetime, time, timedelta
from itertools import takewhile
from uuid import UUID

from engagement.cadence.calling_back import MISSED, PROMISED
from engagement.cadence.state import Active
from engagement.playbook.result import WAITING
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered, CadenceMoved, CadencePaused, EntryRefused
from schemas.events.fact import Channel, Fact
from schemas.events.lead import (
    Bounced,
    CallbackRequested,
    EnrolmentMoved,
    EnrolmentResumed,
    LeadCreated,
    LeadReassigned,
)
from schemas.events.plan import TouchPlanned, TouchSkipped
from schemas.events.touch import TouchLogged
from tests.unit.cadence.facts import LEAD
from tests.unit.cadence.one_counted_lead import OneCountedLead
from tests.unit.cadence.ruled_playbooks import CODES, PLAYBOOKS
from tests.unit.cadence.test_any_order import stale
from tests.unit.cadence.test_lawful_calls import open_between

NO_TIME = timedelta(0)
LONGEST_LUNCH = timedelta(hours=1, minutes=30)
"""Of the playbooks in these tests."""


class OneFollowedLead(OneCountedLead):
    """The counted lead, with its pauses, its promises, and the plans that touches answer."""

    tries: Counter[tuple[UUID, int]]
    paused: bool
    taken_over: bool
    answered: int
    bounced: set[str]

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
        elif plan.allowed_by == MISSED:
            self._check_missed(plan)
        self._check_caps(plan)
        self.plans.append(plan)
        self.open, self.paused = plan, False

    def _check_as_it_was(self, before: TouchPlanned, plan: TouchPlanned) -> None:
        """The same touch, at its moment or at once, and no longer than it was to be.

        Of a first touch at any hour no state says so once an earlier step was left out, or another
        rep took it over: in lunch, such a one waits for its end.
        """
        same = (plan.enrolment_id, plan.step, plan.channel, plan.again, plan.kind)
        assert same == (
            before.enrolment_id,
            before.step,
            before.channel,
            before.again,
            before.kind,
        )
        hours = open_between(before)
        late = plan.not_before - next(max(one, self.now) for one, end in hours if self.now < end)
        at_any_hour = (before.allowed_by or "").startswith("speed_to_lead_minutes")
        assert late == NO_TIME or (at_any_hour and NO_TIME < late <= LONGEST_LUNCH)
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

    def _check_missed(self, plan: TouchPlanned) -> None:
        """In the hours of the calendar, and not before the time of day of a promise before it.

        Days with hours of their own, and the law, may leave none after that time.
        """
        calendar, hours = self._its_playbook().calendar, self._its_playbook().calendar.hours
        mine = [one for one in self.plans if one.enrolment_id == plan.enrolment_id]
        calls = [*takewhile(lambda one: one.again == "callback", reversed(mine))]
        if calendar.hours_by_day or calendar.calling_rules:
            return
        assert hours.opens <= _clock(plan) < hours.closes
        if {one.time_zone for one in calls} == {plan.time_zone}:
            last = time(hours.closes.hour - 1, hours.closes.minute)
            assert _clock(plan) >= min(*map(_clock, calls), last)

    def _last_plan(self, plan: TouchPlanned) -> TouchPlanned | None:
        made = [one for one in self.plans if one.enrolment_id == plan.enrolment_id]
        return made[-1] if made else None


def _clock(plan: TouchPlanned) -> time:
    assert plan.local_time
    return datetime.fromisoformat(plan.local_time).time()
