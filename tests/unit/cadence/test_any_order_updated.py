"""Told anew where it is at any moment, a lead is touched only when it may be there."""

from datetime import datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from engagement.cadence.calling_back import PROMISED
from engagement.cadence.state import Active
from engagement.playbook import Playbook
from schemas.events.decision import EnrolmentUpdated
from schemas.events.fact import NewFeatures
from schemas.events.lead import LeadUpdated
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import LEAD
from tests.unit.cadence.test_any_order import STARTS, ZONES
from tests.unit.cadence.test_any_order_windows import PLACES, PLAYBOOKS, OneLeadSomewhere
from tests.unit.cadence.test_lawful_calls import open_between


class OneLeadThatMoves(OneLeadSomewhere):
    """The lead somewhere, of whom sources tell anew where that is."""

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        playbook=st.sampled_from(PLAYBOOKS),
        place=st.sampled_from(PLACES),
    )
    def begin(
        self,
        zone: str | None,
        start: datetime,
        playbook: Playbook,
        place: tuple[str | None, str | None] = (None, None),
    ) -> None:
        super().begin(zone, start, playbook, place)
        self.the_lead_comes_in()

    @rule(zone=st.sampled_from(ZONES), place=st.sampled_from(PLACES))
    def a_source_tells_where_it_is(
        self, zone: str | None, place: tuple[str | None, str | None]
    ) -> None:
        country, region = place
        features = NewFeatures(time_zone=zone, country=country, region=region)
        before = len(self.decisions)
        self._say(LeadUpdated(**self._times(), features=features))
        told = [event.data for event in self.decisions[before:]]
        assert [type(one) for one in told[:1]] == [EnrolmentUpdated] * self.running
        assert all(isinstance(one, TouchPlanned) and one.corrects for one in told[1:2])
        if self.open is not None:
            self._check_still_open(self.open)

    @rule()
    def a_source_tells_of_the_person(self) -> None:
        open_ = self.open
        self._say(LeadUpdated(**self._times(), sealed="c2VhbGVk"))
        assert self.open is open_

    def _check_as_it_was(self, before: TouchPlanned, plan: TouchPlanned) -> None:
        """A promise is kept wherever the lead is, and lapses by the clock where it is by now."""
        if before.allowed_by != PROMISED:
            super()._check_as_it_was(before, plan)

    def _check_still_open(self, plan: TouchPlanned) -> None:
        """What is left of its time is open where the lead is by now."""
        state = self.partition.states[LEAD]
        assert isinstance(state, Active)
        if plan.allowed_by == PROMISED:
            return
        for opens_at, closes_at in open_between(plan):
            if max(opens_at, self.now) < closes_at:
                self._is_open(self._its_playbook(), state, plan, max(opens_at, self.now))


TestOneLeadThatMoves = OneLeadThatMoves.TestCase
TestOneLeadThatMoves.settings = settings(max_examples=60, deadline=None)
