"""Leads whose clock is that of their facts: weeks of a cadence pass as fast as it can decide.

Every moment is one that a plan told, so nothing here waits and no service is told another time.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from engagement.playbook import Playbook, ResultAction
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.decision import TouchPlanned
from schemas.events.fact import Features, LeadFact
from schemas.events.lead import LeadCreated, OptedOut, ReplyReceived
from schemas.events.touch import TouchLapsed, TouchLogged

SOURCE = "/simulator/compressed"

Temper = Literal["silent", "unreached", "replies", "opts-out", "qualifies"]
"""How a lead takes its touches: it never answers; nobody ever touches it; or it does something
about its second touch."""


@dataclass(slots=True)
class CompressedLead:
    """One lead in one cadence, told by facts as its plans come."""

    lead_id: UUID
    temper: Temper
    playbook: Playbook
    told: int = field(default=0, init=False)

    def come_in(self, features: Features, moment: datetime) -> Event[LeadFact]:
        """The lead comes in at this moment."""
        created = {"features": features, "sealed": ""}
        return self._told(LeadCreated, moment, **created)

    def answer(self, plan: TouchPlanned) -> Event[LeadFact]:
        """What becomes of the planned touch, at the first moment at which it may."""
        if self.temper == "unreached":
            return self._told(TouchLapsed, plan.lapses_at, plan_id=plan.plan_id)
        match self.temper if plan.attempts else "silent":
            case "replies":
                return self._told(ReplyReceived, plan.not_before, channel=plan.channel)
            case "opts-out":
                return self._told(OptedOut, plan.not_before)
            case "qualifies":
                return self._touched(plan, "qualify")
            case _:
                return self._touched(plan, "next-touch")

    def _touched(self, plan: TouchPlanned, action: ResultAction) -> Event[LeadFact]:
        code = next(code for code, known in self.playbook.actions.items() if known == action)
        made = {"plan_id": plan.plan_id, "channel": plan.channel, "result_code": code}
        return self._told(TouchLogged, plan.not_before, **made)

    def _told(self, class_: type[LeadFact], moment: datetime, **told: object) -> Event[LeadFact]:
        times = {"lead_id": self.lead_id, "occurred_at": moment, "recorded_at": moment}
        self.told += 1
        id_ = derived_id("compressed", str(self.lead_id), str(self.told))
        return Event(Envelope(id_, SOURCE), class_.model_validate(times | told))
