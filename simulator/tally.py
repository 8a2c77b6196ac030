"""What became of the leads, counted from the public topics alone.

Every count is of distinct ids, so that repeats on the wire change nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.crm import SalesQualifiedLead
from schemas.envelope import Event
from schemas.events.decision import CadenceEnded, CadenceEntered, LeadQualified
from schemas.events.lead import HandoffAccepted, HandoffRejected, LeadCreated
from schemas.events.touch import TouchLogged


@dataclass(slots=True)
class Tally:
    """The state of every lead seen so far."""

    created: dict[UUID, datetime] = field(default_factory=dict)
    entered: set[UUID] = field(default_factory=set)
    ended: dict[UUID, str] = field(default_factory=dict)
    touches: dict[UUID, TouchLogged] = field(default_factory=dict)
    first_touch: dict[UUID, datetime] = field(default_factory=dict)
    qualified: set[UUID] = field(default_factory=set)
    handoffs: dict[UUID, UUID] = field(default_factory=dict)
    answered: dict[UUID, str] = field(default_factory=dict)
    causes: set[UUID] = field(default_factory=set)
    """What something was decided upon, or was said because of."""

    def add(self, event: Event[Any]) -> None:
        """Counts one event; what says nothing about these numbers is passed over."""
        if event.envelope.cause is not None:
            self.causes.add(event.envelope.cause)
        match event.data:
            case LeadCreated() as fact:
                self.created.setdefault(fact.lead_id, fact.recorded_at)
            case TouchLogged() as fact:
                self.touches[event.envelope.id] = fact
                self.first_touch.setdefault(fact.lead_id, fact.recorded_at)
            case CadenceEntered() as fact:
                self.entered.add(fact.lead_id)
            case CadenceEnded() as fact:
                self.ended[fact.lead_id] = fact.reason
            case LeadQualified() as fact:
                self.qualified.add(fact.lead_id)
            case SalesQualifiedLead() as fact:
                self.handoffs[fact.handoff_id] = fact.lead_id
            case HandoffAccepted() as fact:
                self.answered[fact.handoff_id] = "accepted"
            case HandoffRejected() as fact:
                self.answered[fact.handoff_id] = "rejected"
            case _:
                pass

    def undecided(self) -> list[TouchLogged]:
        """Touches that nothing was decided upon so far, of leads whose cadence goes on."""
        return [
            fact
            for id_, fact in self.touches.items()
            if id_ not in self.causes and fact.lead_id not in self.ended
        ]

    def own(self) -> "Tally":
        """The same of those leads alone that were created before its eyes.

        Servers that are used again hold leads of earlier runs, which reps work too.
        """
        ours = self.created.keys()
        handoffs = {handoff: lead for handoff, lead in self.handoffs.items() if lead in ours}
        return Tally(
            created=self.created,
            entered=self.entered & ours,
            ended={lead: reason for lead, reason in self.ended.items() if lead in ours},
            touches={id_: fact for id_, fact in self.touches.items() if fact.lead_id in ours},
            first_touch={lead: at for lead, at in self.first_touch.items() if lead in ours},
            qualified=self.qualified & ours,
            handoffs=handoffs,
            answered={one: said for one, said in self.answered.items() if one in handoffs},
            causes=self.causes,
        )

    def speed_to_lead(self) -> list[float]:
        """Seconds from accepted to first touch, of every lead touched so far, in rising order."""
        return sorted(
            (touched - self.created[lead]).total_seconds()
            for lead, touched in self.first_touch.items()
            if lead in self.created
        )


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Where every lead that the senders sent is now; nothing may be missing and nothing twice."""

    received: int
    in_cadence: int
    ended: int
    handed_off: int
    handed_off_twice: int

    @property
    def lost(self) -> int:
        """Leads that were sent and are nowhere."""
        return self.received - self.in_cadence - self.ended - self.handed_off

    @property
    def holds(self) -> bool:
        """Whether received = in cadence + ended + handed off, and no lead was handed off twice."""
        return self.lost == 0 and self.handed_off_twice == 0

    def __str__(self) -> str:
        return (
            f"received {self.received} = in cadence {self.in_cadence} + ended {self.ended}"
            f" + handed off {self.handed_off}; {self.lost} lost,"
            f" {self.handed_off_twice} handed off twice"
        )


def reconcile(received: int, tally: Tally) -> Reconciliation:
    """Sets what the senders know they sent (`received`) against what the topics show."""
    handed_off = set(tally.handoffs.values())
    ended = {lead for lead, reason in tally.ended.items() if reason != "qualified"}
    return Reconciliation(
        received=received,
        in_cadence=len(tally.entered - tally.ended.keys() - handed_off),
        ended=len(ended - handed_off),
        handed_off=len(handed_off),
        handed_off_twice=len(tally.handoffs) - len(handed_off),
    )
