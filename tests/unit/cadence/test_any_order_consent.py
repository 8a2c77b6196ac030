"""Whatever a lead allows and refuses, and in whatever order that is told, it is kept to."""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from engagement.cadence.state import INITIAL
from engagement.playbook import Playbook
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered, CadenceMoved
from schemas.events.fact import Channel, Fact
from schemas.events.lead import ConsentGiven, OptedOut
from schemas.events.touch import TouchLogged
from tests.unit.cadence.facts import LEAD
from tests.unit.cadence.ruled_playbooks import PLAYBOOKS
from tests.unit.cadence.test_any_order import CHANNELS, STARTS, ZONES
from tests.unit.cadence.test_any_order_ruled import OneRuledLead

AGO = st.integers(0, 90).map(lambda hours: timedelta(hours=hours))
SAID = st.sampled_from((*CHANNELS, "all"))


class OneConsentingLead(OneRuledLead):
    """The ruled lead, who opts out and consents; a list may forbid it, too."""

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        playbook=st.sampled_from(PLAYBOOKS),
    )
    def begin(self, zone: str | None, start: datetime, playbook: Playbook) -> None:
        self.refused: dict[str, datetime] = {}
        self.came_in_without: dict[str, datetime] = {}
        self.listed: set[str] = set()
        self.granted: set[str] = set()
        super().begin(zone, start, playbook)

    @rule(channel=SAID, ago=AGO)
    def the_lead_consents(self, channel: Channel, ago: timedelta) -> None:
        running = self.running
        self._say(ConsentGiven(**self._times(self.now - ago), channel=channel))
        assert self.running == running

    @rule(channel=st.sampled_from(CHANNELS), ago=AGO)
    def an_opt_out_is_told_late(self, channel: Channel, ago: timedelta) -> None:
        self._say(OptedOut(**self._times(self.now - ago), channel=channel))

    @rule(channel=st.sampled_from(CHANNELS))
    def a_list_forbids_it(self, channel: Channel) -> None:
        self._say(OptedOut(**self._times(), channel=channel, reason="do-not-contact"))

    @invariant()
    def it_is_open_exactly_to_what_is_allowed(self) -> None:
        state = self.partition.states.get(LEAD, INITIAL)
        closed = CHANNELS if "all" in state.opted_out else state.opted_out
        assert {*closed} == {*self.refused} | self.listed
        assert {*state.granted} == self.granted

    def _hear_of_channels(self, fact: Fact) -> None:
        super()._hear_of_channels(fact)
        match fact:
            case OptedOut(channel=channel, reason="do-not-contact"):
                self.listed |= _plain(channel)
                self.granted -= _plain(channel)
            case OptedOut(channel=channel):
                self._refuse(_plain(channel), fact.occurred_at)
            case TouchLogged(result_code="STOP"):
                self._refuse({*CHANNELS}, fact.occurred_at)
            case ConsentGiven(channel=channel):
                self._allow(_plain(channel), fact.occurred_at)
            case _:
                pass
        self.opted_out = {*self.refused} | self.listed

    def _refuse(self, channels: set[str], at: datetime) -> None:
        self.refused |= {one: max(at, self.refused.get(one, at)) for one in channels}
        self.granted -= channels

    def _allow(self, channels: set[str], at: datetime) -> None:
        for one in channels:
            if self.refused.get(one, at - timedelta(1)) < at:
                self.refused.pop(one, None)
            if self.came_in_without.get(one, at - timedelta(1)) < at:
                self.came_in_without.pop(one, None)
        free = channels - {*self.refused} - {*self.came_in_without} - self.listed
        self.granted |= free
        self.barred -= free - self.bounced

    def _denied(self, entered: CadenceEntered | CadenceMoved) -> set[str]:
        denied = {one for one in CHANNELS if getattr(entered.features.consent, one) == "denied"}
        self.came_in_without = dict.fromkeys(denied, entered.recorded_at)
        self.granted -= denied
        self._refuse({*self.refused} & denied, entered.recorded_at)
        return super()._denied(entered) - (self.granted - self.bounced)

    def _repeatable(self, one: Event[Fact]) -> bool:
        """An old opt-out that is told again after a consent closes its channels once more."""
        stop = isinstance(one.data, TouchLogged) and one.data.result_code == "STOP"
        return super()._repeatable(one) and not stop

    def _hear(self, cause: Event[Fact]) -> None:
        super()._hear(cause)
        if not self.running:
            self.came_in_without = {}


def _plain(channel: str) -> set[str]:
    return {*CHANNELS} if channel == "all" else {channel}


TestOneConsentingLead = OneConsentingLead.TestCase
TestOneConsentingLead.settings = settings(max_examples=60)
