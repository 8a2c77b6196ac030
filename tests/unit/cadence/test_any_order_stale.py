"""Whatever happens, and in whatever order: no step is given on more days than its ruleset says."""

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from engagement.playbook import Playbook
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import published, ruled
from tests.unit.cadence.test_any_order import STARTS, ZONES
from tests.unit.cadence.test_any_order_ruled import WAITS, OneRuledLead

DAYS = 2
PLAYBOOKS = (
    ruled(stale_after_days=DAYS, re_entry="allow", reply="continue", reply_elsewhere="continue"),
    ruled(stale_after_days=DAYS, reply="pause 2 days", caps={"per_day": 1, "gap_minutes": 90}),
)


class OneForgottenLead(OneRuledLead):
    """The same lead, whose touches are given for two days where nobody makes them."""

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        playbook=st.sampled_from(PLAYBOOKS),
    )
    def begin(self, zone: str | None, start: datetime, playbook: Playbook) -> None:
        self.again = Counter[tuple[object, ...]]()
        super().begin(zone, start, playbook)
        self.the_lead_comes_in()

    @rule(playbook=st.sampled_from(PLAYBOOKS))
    def a_playbook_is_published(self, playbook: Playbook) -> None:
        self._hear(published(playbook))

    @precondition(lambda self: self.open)
    @rule()
    def the_open_touch_lapses(self) -> None:
        lapsed = self.open
        assert lapsed
        super().the_open_touch_lapses()
        if self.open and _step(self.open) == _step(lapsed):
            self.again[_step(lapsed)] += 1
        elif self.open:
            self.again.clear()
        assert self.again[_step(lapsed)] < DAYS

    @precondition(lambda self: self.open)
    @rule()
    def nobody_ever_makes_it(self) -> None:
        first = self.open
        assert first
        for _ in range(DAYS):
            self.the_open_touch_lapses()
            if not self.open or _step(self.open) != _step(first):
                return
        raise AssertionError("the step is given on and on")

    @rule(wait=WAITS)
    def the_lead_asks_for_a_call(self, wait: timedelta | None) -> None:
        self.again.clear()
        super().the_lead_asks_for_a_call(wait)

    def _touch(self, *args: object, **kwargs: object) -> None:
        self.again.clear()
        super()._touch(*args, **kwargs)  # type: ignore[arg-type]


def _step(plan: TouchPlanned) -> tuple[object, ...]:
    """A callback in place of a touch has days of its own."""
    return plan.enrolment_id, plan.step, plan.again == "callback"


TestOneForgottenLead = OneForgottenLead.TestCase
