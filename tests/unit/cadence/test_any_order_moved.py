"""Moved there and back between versions, at any moment, a lead is never touched twice."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.cadence.late import belated, reopened
from engagement.cadence.state import Active
from engagement.cadence.stored import dump, load
from engagement.playbook import Playbook
from engagement.playbook.alignment import goes_on_at
from schemas.envelope import Event
from schemas.events.decision import CadenceMoved
from schemas.events.fact import ChannelConsent, Consent, Fact, Features
from schemas.events.lead import EnrolmentMoved
from schemas.events.plan import TouchPlanned
from schemas.events.touch import TouchLogged
from tests.unit.cadence.facts import LEAD, published
from tests.unit.cadence.test_any_order import STARTS, ZONES
from tests.unit.cadence.test_any_order_ruled import OneRuledLead
from tests.unit.cadence.versions import alike, touch, version

_EMAIL = {"channel": "email"}
VERSIONS = (
    version("abcdefgh", {"d": _EMAIL, "g": _EMAIL}),
    version(
        "abXcdfgh", {"X": {"channel": "sms"}, "d": _EMAIL, "g": _EMAIL, "f": {"part": "afternoon"}}
    ),
    version(
        "acdEfghY",
        {"d": _EMAIL, "g": _EMAIL, "E": {"day": None, "after": {"hours": 30}}, "Y": _EMAIL},
    ),
    version("bcd", {"b": {"at": "14:30"}, "d": {**_EMAIL, "day": None, "with_previous": True}}),
    version(
        "abcdefghZ",
        {"c": {"hours": "11:00-15:00"}, "d": _EMAIL, "g": _EMAIL},
        speed_to_lead_minutes=30,
        rulesets=[{"name": "x", "reply": "pause 2 days", "re_entry": "allow"}],
    ),
)
"""Steps come and go, and change; none changes its place, so that every touch is one letter."""
ALIKE = (
    alike(1, 3, 5, 8, mails=(8,)),
    alike(1, 3, 5),
    alike(3, 5, 8, mails=(8,)),
    alike(1, 2, 3, 4, 5, 8, 9, 10, mails=(4, 8)),
    alike(1, 2, 5, 9, 10, speed_to_lead_minutes=30),
)
"""Touches that read alike come and go; those of one day are always one touch."""

SMS: st.SearchStrategy[Consent] = st.sampled_from(["granted", "denied"])
WEIGHTED = (
    *["the touch is made"] * 6, *["people move it"] * 5, *["time goes on"] * 4,
    *["a touch is told late"] * 2, *["it is tried again"] * 2, *["people resume it"] * 2,
    "the touch lapses", "the lead asks for a call", "people pause it", "a message comes back",
    "the lead comes in", "a channel is closed",
)  # fmt: skip
"""What happens, in such a mixture that most leads are moved several times before they end."""


Draw = Callable[[st.SearchStrategy[Any]], Any]


class OneMovedLead(OneRuledLead):
    """The ruled lead, without caps, whose enrolment people move between versions."""

    def enter(self, zone: str | None, start: datetime, versions: Sequence[Playbook]) -> None:
        """Every version is known, and the lead comes in under the first one."""
        self.once: set[tuple[UUID, str]] = set()
        self.versions, playbook = versions, versions[0]
        self.begin(zone, start, playbook)
        for other in (*versions[1:], playbook):
            self._hear(published(other))
        self.the_lead_comes_in()

    def happens(self, what: str, draw: Draw) -> None:
        """Something of WEIGHTED, where it can."""
        match what:
            case "the touch is made" if self.open:
                self._touch(self.open.plan_id, "NOANSWER")
            case "a touch is told late" if self.plans:
                self._touch(draw(st.sampled_from(self.plans[-3:])).plan_id, "NOANSWER")
            case "it is tried again" if self.open:
                self._touch(self.open.plan_id, draw(st.sampled_from(["BUSY", "LATER"])))
            case "the touch lapses" if self.open:
                self.the_open_touch_lapses()
            case "people move it" if self.running:
                self._move(draw(st.sampled_from(self.versions)), draw(SMS))
            case "time goes on":
                self.now += timedelta(hours=draw(st.integers(0, 70)))
            case "people pause it":
                self.people_pause_it(draw(st.none() | st.just(timedelta(days=3))))
            case _:
                self._happens_to_all(what)

    def _happens_to_all(self, what: str) -> None:
        match what:
            case "people resume it":
                self.people_resume_it()
            case "the lead asks for a call":
                self.the_lead_asks_for_a_call(timedelta(hours=20))
            case "a message comes back":
                self.a_message_comes_back("email")
            case "the lead comes in":
                self.the_lead_comes_in()
            case "a channel is closed":
                self.the_lead_opts_out("sms")

    def _move(self, playbook: Playbook, sms: Consent) -> None:
        self.now += timedelta(seconds=1)
        features = Features(
            source="web", time_zone=self.zone, consent=ChannelConsent(sms=sms, email="granted")
        )
        self._say(
            EnrolmentMoved(
                **self._times(),
                enrolment_id=self.enrolments[-1],
                playbook_digest=playbook.digest,
                cadence=playbook.cadences[0].name,
                features=features,
            )
        )

    def holds(self) -> None:
        """What is always true."""
        self.a_running_cadence_has_one_open_plan()
        for state in self.partition.states.values():
            assert load(dump(state)) == state
            assert len(dump(state)) < 650

    def _was_interrupted(self, fact: TouchLogged) -> bool:
        """Of the plans before a move only the last one is remembered through it."""
        return super()._was_interrupted(fact) and fact.plan_id == self.plans[-1].plan_id

    def _is_late(self, state: Active, plan_id: UUID | None) -> bool:
        """Another version's touch may have answered the step already."""
        known = plan_id is not None and belated(state, plan_id)
        return known or super()._is_late(state, plan_id)

    def _hear(self, cause: Event[Fact]) -> None:
        if isinstance(cause.data, TouchLogged):
            self._count(cause.data)
        super()._hear(cause)

    def _count(self, fact: TouchLogged) -> None:
        """Whichever plan its maker had, a touch that goes on is made once an enrolment."""
        state = self.partition.states.get(LEAD)
        asked = _answering(state, fact) if isinstance(state, Active) else None
        if asked is None:
            return
        playbook = self.partition.playbooks.by_digest[asked.enrolment.playbook_digest]
        if playbook.actions.get(fact.result_code) == "next-touch":
            step = playbook.cadence[asked.enrolment.cadence].steps[asked.step - 1]
            made = asked.enrolment.id, touch(step)
            if asked.again == "callback" and made in self.once:
                return  # asked for when the last touch was made already: a call of its own
            assert made not in self.once
            self.once.add(made)

    def _note(self, event: Event[Fact]) -> None:
        if isinstance(event.data, CadenceMoved):
            assert self.running
            assert event.data.plan_id in {None, self.open and self.open.plan_id}
            self.barred = self._denied(event.data)
        super()._note(event)

    def _note_plan(self, plan: TouchPlanned) -> None:
        assert self.running
        assert plan.plan_id not in {made.plan_id for made in self.plans}
        assert plan.recorded_at <= plan.not_before <= plan.due_at
        assert plan.not_before < plan.lapses_at
        self.plans.append(plan)
        self.open, self.paused = plan, False


def _answering(state: Active, fact: TouchLogged) -> Active | None:
    """The state at the step that the touch answers; nothing where a promise stands, or none."""
    if state.awaits(fact.plan_id) or (fact.plan_id and belated(state, fact.plan_id)):
        return state
    if state.again == "callback" and not state.stands_in_for(fact.plan_id):
        return None
    return reopened(state, fact.plan_id)


@pytest.mark.parametrize("versions", [VERSIONS, ALIKE])
def test_the_touches_keep_their_order_between_any_two_versions(
    versions: Sequence[Playbook],
) -> None:
    """What the machine above takes for granted: no version puts a touch before another one."""
    for old in versions:
        for new in versions:
            one, other = old.cadences[0].steps, new.cadences[0].steps
            for index, step in enumerate(one):
                at = goes_on_at(one, other, index)
                assert touch(step) not in map(touch, other[at + 1 :])


@settings(max_examples=150)
@given(st.sampled_from([VERSIONS, ALIKE]).flatmap(st.permutations), st.data())
def test_one_lead(versions: Sequence[Playbook], data: st.DataObject) -> None:
    lead = OneMovedLead()
    zone, start = data.draw(st.sampled_from(ZONES)), data.draw(st.sampled_from(STARTS))
    lead.enter(zone, start, versions)
    for what in data.draw(st.lists(st.sampled_from(WEIGHTED), min_size=20, max_size=50)):
        lead.happens(what, data.draw)
        lead.holds()
    lead.teardown()
