"""Whatever happens, and in whatever order: no plan lies beyond a threshold of its block."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from engagement.cadence.state import Active
from engagement.calendar import zones
from engagement.playbook import Playbook
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import LEAD, published, ruled
from tests.unit.cadence.one_unanswered_lead import OneUnansweredLead
from tests.unit.cadence.test_any_order import STARTS, ZONES


def looping(*thresholds: dict[str, int], **rules: Any) -> Playbook:
    """Blocks of two touches a day, one after another, for a lead that nothing else lets go."""
    known = ruled(
        re_entry="allow",
        reply="continue",
        reply_elsewhere="pause 3 days",
        meeting_booked="continue",
        **rules,
    ).model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"] = [
        {
            "repeat": {"times": 4, "gap_days": 0, "until": until},
            "steps": [
                {"day": 1 + number * 6, "channel": one, "activity": "Touch"}
                for one in ("call", "email")
            ],
        }
        for number, until in enumerate(thresholds)
    ]
    return Playbook.model_validate(known)


PLAYBOOKS = (
    looping({"attempts": 2}, {"attempts": 3, "days": 2}),
    looping({"days": 1}, {"days": 3}, {"attempts": 1}, caps={"per_day": 1}),
)


class OneLoopingLead(OneUnansweredLead):
    """The same lead, in blocks that end after so many touches or days."""

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        playbook=st.sampled_from(PLAYBOOKS),
    )
    def begin(self, zone: str | None, start: datetime, playbook: Playbook) -> None:
        self.began: dict[tuple[UUID, int], tuple[int, date]] = {}
        super().begin(zone, start, playbook)
        self.the_lead_comes_in()

    @rule(playbook=st.sampled_from(PLAYBOOKS))
    def a_playbook_is_published(self, playbook: Playbook) -> None:
        self._hear(published(playbook))

    def _note_plan(self, plan: TouchPlanned) -> None:
        super()._note_plan(plan)
        state = self.partition.states[LEAD]
        assert isinstance(state, Active)
        loop = self._its_playbook().cadences[0].loops[plan.step - 1]
        assert loop
        first = (plan.attempts, _day(plan.moved_from or plan.not_before, state))
        attempts, day = self.began.setdefault((plan.enrolment_id, loop.first), first)
        if plan.again != "callback":
            most, days = loop.until.attempts, loop.until.days
            assert most is None or plan.attempts - attempts < most
            last = _day(plan.lapses_at - timedelta(microseconds=1), state)
            assert days is None or (last - day).days < days


def _day(moment: datetime, state: Active) -> date:
    return moment.astimezone(zones.zone(state.enrolment.time_zone)).date()


TestOneLoopingLead = OneLoopingLead.TestCase
TestOneLoopingLead.settings = settings(max_examples=60)
