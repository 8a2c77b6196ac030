"""Under conditions, too, a lead is touched only as they say, in whatever order facts come."""

from datetime import datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from engagement.cadence.state import Active
from engagement.playbook import Playbook
from engagement.playbook.only_if import OnlyIf
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered
from schemas.events.fact import Channel, Fact
from schemas.events.lead import EngagementSeen, ReplyReceived, Signal
from schemas.events.plan import ConditionFailed, TouchPlanned
from tests.unit.cadence.facts import LEAD, published, ruled
from tests.unit.cadence.test_any_order import CHANNELS, STARTS, ZONES
from tests.unit.cadence.test_any_order_ruled import OneRuledLead

CONDITIONS: dict[int, dict[str, Any]] = {
    2: {"source": "web"},
    3: {"opened": True},
    4: {"opened": False, "not_replied": "call"},
    5: {"clicked": True, "accepted": False},
    8: {"opened_on": "email", "not_clicked_on": "email"},
    6: {"replied": "email"},
    7: {"source": "shopify"},
    9: {"accepted": True},
}


def conditional(**rules: Any) -> Playbook:
    known = ruled(**rules).model_dump(mode="json", exclude_none=True)
    steps = known["cadences"][0]["steps"]
    steps[0] |= {"channel": "email"}
    steps[1] |= {"channel": "social"}
    for number, condition in CONDITIONS.items():
        steps[number - 1]["only_if"] = condition
    return Playbook.model_validate(known)


PLAYBOOKS = (
    conditional(reply="continue", reply_elsewhere="pause 2 days", re_entry="allow"),
    conditional(reply="pause", caps={"per_week": 4}),
)


class OneConditionalLead(OneRuledLead):
    """The same lead, in cadences whose steps ask what it is and what it did."""

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        playbook=st.sampled_from(PLAYBOOKS),
    )
    def begin(self, zone: str | None, start: datetime, playbook: Playbook) -> None:
        self.signs: set[str] = set()
        super().begin(zone, start, playbook)

    @rule(playbook=st.sampled_from(PLAYBOOKS))
    def a_playbook_is_published(self, playbook: Playbook) -> None:
        self._hear(published(playbook))

    @rule(
        signal=st.sampled_from(["opened", "clicked", "accepted"]),
        channel=st.sampled_from(["email", "social"]),
    )
    def a_tool_sees(self, signal: Signal, channel: Channel) -> None:
        self._say(EngagementSeen(**self._times(), channel=channel, signal=signal))

    @rule(channel=st.sampled_from(CHANNELS))
    def the_lead_replies_again(self, channel: Channel) -> None:
        self._say(ReplyReceived(**self._times(), channel=channel))

    def _hear(self, cause: Event[Fact]) -> None:
        match cause.data:
            case EngagementSeen(signal=signal, channel=channel):
                self.signs |= {signal, f"{signal}/{channel}"}
            case ReplyReceived(auto_reply=None, channel=channel):
                self.signs.add(f"replied/{channel}")
            case _:
                pass
        super()._hear(cause)

    def _note(self, event: Event[Fact]) -> None:
        if isinstance(event.data, CadenceEntered):
            self.signs = set()
        if isinstance(event.data, ConditionFailed):
            condition = self._condition(event.data.step)
            assert condition is not None
            assert event.data.condition == condition.text
            assert not (condition.source in {None, "web"} and condition.holds(self.signs))
        super()._note(event)

    def _note_plan(self, plan: TouchPlanned) -> None:
        condition = self._condition(plan.step)
        if plan.waits_for is not None:
            assert condition is not None
            assert not condition.holds(self.signs)
            assert plan.not_before == plan.due_at == plan.lapses_at >= plan.recorded_at
            assert plan.plan_id not in {made.plan_id for made in self.plans}
            assert plan.corrects in (None, self.open and self.open.plan_id)
            self.plans.append(plan)
            self.open, self.paused = plan, False
            return
        if condition is not None and plan.again != "callback":
            assert condition.source in {None, "web"}
            assert condition.holds(self.signs)
        super()._note_plan(plan)

    def _condition(self, step: int) -> OnlyIf | None:
        state = self.partition.states.get(LEAD)
        playbook = PLAYBOOKS[0] if not isinstance(state, Active) else self._playbook(state)
        return playbook.cadences[0].steps[step - 1].only_if

    def _playbook(self, state: Active) -> Playbook:
        return self.partition.playbooks.by_digest[state.enrolment.playbook_digest]


TestOneConditionalLead = OneConditionalLead.TestCase
TestOneConditionalLead.settings = settings(max_examples=60)
