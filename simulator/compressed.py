"""Leads whose clock is that of their facts: weeks of a cadence pass as fast as it can decide.

Every moment is one that a plan told, so nothing here waits and no service is told another time.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from engagement.playbook import Playbook, ResultAction
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Features, LeadFact
from schemas.events.lead import (
    EngagementSeen,
    EnrolmentPaused,
    EnrolmentResumed,
    LeadCreated,
    OptedOut,
    ReplyReceived,
    Signal,
)
from schemas.events.plan import TouchPlanned
from schemas.events.touch import TouchLapsed, TouchLogged

SOURCE = "/simulator/compressed"

Temper = Literal["silent", "unreached", "replies", "opts-out", "qualifies", "engages"]
"""How a lead takes its touches: it never answers; nobody ever touches it; it does something about
its second touch; or it opens, clicks and accepts as soon as a touch waits for that."""

RuledTemper = Literal["busy", "calls-back", "away", "held"]
"""What only some playbooks have rules for: each call is tried again; the first one is promised
again; a machine answers for the lead before its second touch; people pause and resume it then."""

_DAY = timedelta(days=1)


@dataclass(slots=True)
class CompressedLead:
    """One lead in one cadence, told by facts as its plans come."""

    lead_id: UUID
    temper: Temper | RuledTemper
    playbook: Playbook
    told: int = field(default=0, init=False)
    given: set[Signal] = field(default_factory=set, init=False)
    spoken: bool = field(default=False, init=False)

    def come_in(self, features: Features, moment: datetime) -> Event[LeadFact]:
        """The lead comes in at this moment."""
        created = {"features": features, "sealed": ""}
        return self._told(LeadCreated, moment, **created)

    def answer(self, plan: TouchPlanned) -> list[Event[LeadFact]]:
        """What becomes of the planned touch, at the first moment at which it may."""
        if self.temper == "unreached":
            return [self._told(TouchLapsed, plan.lapses_at, plan_id=plan.plan_id)]
        if plan.waits_for is not None:
            return self._waited_for(plan)
        if plan.attempts and not self.spoken:
            self.spoken = True
            return self._spoken(plan)
        return [self._called(plan)]

    def _spoken(self, plan: TouchPlanned) -> list[Event[LeadFact]]:
        """What the lead, or a rep for it, does about its second touch."""
        match self.temper:
            case "replies":
                return [self._told(ReplyReceived, plan.not_before, channel=plan.channel)]
            case "opts-out":
                return [self._told(OptedOut, plan.not_before)]
            case "qualifies":
                return [self._touched(plan, "qualify")]
            case "away":
                return self._away(plan)
            case "held":
                return self._held(plan)
            case _:
                return [self._called(plan)]

    def _called(self, plan: TouchPlanned) -> Event[LeadFact]:
        if plan.channel == "call" and plan.attempt is None:
            if self.temper == "busy":
                return self._touched(plan, "retry-in")
            if self.temper == "calls-back" and plan.attempts == 0:
                moment = plan.not_before + _DAY
                return self._touched(plan, "schedule-callback", callback_at=moment)
        return self._touched(plan, "next-touch")

    def _waited_for(self, plan: TouchPlanned) -> list[Event[LeadFact]]:
        """The signs that the touch waits for, if the lead gives any; else it waited in vain."""
        if self.temper == "engages":
            signs = self._wanted(plan) - self.given
            self.given |= signs
            if signs:
                known = {"channel": plan.channel}
                return [
                    self._told(EngagementSeen, plan.recorded_at, signal=sign, **known)
                    for sign in sorted(signs)
                ]
        return [self._told(TouchLapsed, plan.lapses_at, plan_id=plan.plan_id)]

    def _wanted(self, plan: TouchPlanned) -> set[Signal]:
        steps = [cadence.steps[plan.step - 1] for cadence in self.playbook.cadences]
        asked = [step.only_if.wanted for step in steps if step.only_if is not None]
        return {sign for sign in get_args(Signal) if any(sign in wanted for wanted in asked)}

    def _away(self, plan: TouchPlanned) -> list[Event[LeadFact]]:
        answered = {"channel": "email", "auto_reply": True}
        back = plan.not_before + 2 * _DAY
        return [self._told(ReplyReceived, plan.not_before, returns_on=back, **answered)]

    def _held(self, plan: TouchPlanned) -> list[Event[LeadFact]]:
        resumed = plan.not_before + _DAY
        return [
            self._told(EnrolmentPaused, plan.not_before),
            self._told(EnrolmentResumed, resumed),
        ]

    def _touched(
        self, plan: TouchPlanned, action: ResultAction, **more: object
    ) -> Event[LeadFact]:
        code = next(code for code, known in self.playbook.actions.items() if known == action)
        made = {"plan_id": plan.plan_id, "channel": plan.channel, "result_code": code}
        return self._told(TouchLogged, plan.not_before, **made, **more)

    def _told(self, class_: type[LeadFact], moment: datetime, **told: object) -> Event[LeadFact]:
        times = {"lead_id": self.lead_id, "occurred_at": moment, "recorded_at": moment}
        self.told += 1
        id_ = derived_id("compressed", str(self.lead_id), str(self.told))
        return Event(Envelope(id_, SOURCE), class_.model_validate(times | told))
