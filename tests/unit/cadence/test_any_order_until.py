"""Whatever happens, and in whatever order: no plan lies beyond a threshold of its cadence."""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from engagement.cadence.state import Active
from engagement.calendar import zones
from engagement.playbook import Playbook
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered
from schemas.events.fact import Fact
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import LEAD, published, ruled
from tests.unit.cadence.one_unanswered_lead import OneUnansweredLead
from tests.unit.cadence.test_any_order import STARTS, ZONES


def until(**thresholds: int) -> Playbook:
    """Two touches a day, for a lead that nothing but a threshold is likely to let go."""
    known = ruled(
        re_entry="allow",
        reply="continue",
        reply_elsewhere="pause 1 days",
        meeting_booked="continue",
    ).model_dump(mode="json", exclude_none=True)
    daily = [{"day": 1, "channel": one, "activity": "Touch"} for one in ("call", "email")]
    block = {"repeat": {"times": 9, "gap_days": 0}, "steps": daily}
    known["cadences"][0] |= {"until": thresholds, "steps": [block]}
    return Playbook.model_validate(known)


PLAYBOOKS = (until(attempts=2), until(attempts=9, days=3), until(days=2))


class OneLeadForAWhile(OneUnansweredLead):
    """The same lead, whose cadence ends after so many touches or days."""

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        playbook=st.sampled_from(PLAYBOOKS),
    )
    def begin(self, zone: str | None, start: datetime, playbook: Playbook) -> None:
        super().begin(zone, start, playbook)
        self.the_lead_comes_in()

    @rule(playbook=st.sampled_from(PLAYBOOKS))
    def a_playbook_is_published(self, playbook: Playbook) -> None:
        self._hear(published(playbook))

    def _note(self, event: Event[Fact]) -> None:
        if isinstance(event.data, CadenceEntered):
            self.entered = event.data.recorded_at
        super()._note(event)

    def _note_plan(self, plan: TouchPlanned) -> None:
        super()._note_plan(plan)
        state = self.partition.states[LEAD]
        assert isinstance(state, Active)
        playbook = self.partition.playbooks.by_digest[state.enrolment.playbook_digest]
        until = playbook.cadence[state.enrolment.cadence].until
        assert until
        if plan.again != "callback":
            assert until.attempts is None or plan.attempts < until.attempts
            days = self._days(plan.lapses_at - timedelta(microseconds=1), state)
            assert until.days is None or days < until.days

    def _days(self, moment: datetime, state: Active) -> int:
        zone = zones.zone(state.enrolment.time_zone)
        return (moment.astimezone(zone).date() - self.entered.astimezone(zone).date()).days


TestOneLeadForAWhile = OneLeadForAWhile.TestCase
