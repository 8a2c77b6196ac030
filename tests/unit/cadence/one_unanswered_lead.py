"""A lead whom nobody reaches, so that touches and days go by."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.unit.cadence.test_any_order_ruled import OneRuledLead


class OneUnansweredLead(OneRuledLead):
    """The ruled lead, touched again and again without an answer."""

    @precondition(lambda self: self.open)
    @rule(hours=st.integers(0, 30))
    def nobody_answers(self, hours: int) -> None:
        assert self.open
        self.now = max(self.now, self.open.not_before) + timedelta(hours=hours)
        self._touch(self.open.plan_id, "NOANSWER", self.open.channel)
