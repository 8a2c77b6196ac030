"""Who is in a cadence now, and on which version: the log, decided again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engagement.cadence.decider import Partition
from engagement.cadence.state import Active
from engagement.decider import Refused
from engagement.playbook import Playbook
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered, CadenceMoved, EnrolmentUpdated
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned


@dataclass(slots=True)
class Enrolled:
    """What was decided of a lead's last enrolment that its state does not remember."""

    features: Features
    entered_with: str
    """The digest of the version with which the lead entered."""
    plan: TouchPlanned | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A lead in a cadence. `plan` is the last one made; it is open where the state awaits it."""

    partition: Partition
    lead_id: UUID
    state: Active
    enrolled: Enrolled

    @property
    def open(self) -> TouchPlanned | None:
        """The open plan; none while the lead is paused without an end."""
        return self.enrolled.plan if self.state.plan_id is not None else None


@dataclass(slots=True)
class RunningLeads:
    """The partitions of the log, each decided by itself as the cadence does."""

    partitions: dict[int, Partition] = field(default_factory=dict)
    enrolled: dict[UUID, Enrolled] = field(default_factory=dict)

    def hear(self, history: Iterable[tuple[int, Event[Any]]]) -> "RunningLeads":
        """The same, after this history."""
        for number, event in history:
            decided = self.partitions.setdefault(number, Partition()).apply(event)
            if not isinstance(decided, Refused):
                for decision in decided:
                    self._note(decision.data)
        return self

    @property
    def playbooks(self) -> Mapping[str, Playbook]:
        """Every published playbook by its digest, the one in force last."""
        known: dict[str, Playbook] = {}
        for partition in self.partitions.values():
            known |= partition.playbooks.by_digest
        for partition in self.partitions.values():
            if partition.playbooks.current is not None:
                known[partition.playbooks.current.digest] = known.pop(
                    partition.playbooks.current.digest
                )
        return known

    def __iter__(self) -> Iterator[Running]:
        for partition in self.partitions.values():
            for lead_id, state in partition.states.items():
                if isinstance(state, Active):
                    yield Running(partition, lead_id, state, self.enrolled[lead_id])

    def _note(self, fact: Any) -> None:
        match fact:
            case CadenceEntered():
                self.enrolled[fact.lead_id] = Enrolled(fact.features, fact.playbook_digest)
            case CadenceMoved():
                self.enrolled[fact.lead_id].features = fact.features
            case EnrolmentUpdated():
                before = self.enrolled[fact.lead_id].features
                told = before.model_copy(update=fact.features.told)
                self.enrolled[fact.lead_id].features = told
            case TouchPlanned():
                self.enrolled[fact.lead_id].plan = fact
            case _:
                pass
