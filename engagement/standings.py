"""The queue, folded from the log alone: who stood where at a moment, without a database.

Decisions and the queue's own facts go in, in the order in which the queue knew of them; out comes
the order in which it serves. Who is absent is asked for: engagement/attendance.py folds it from
the facts about people. Limits on new leads are not looked at; a claim that was made under one
tells so among what was kept back. Nor does it know who was erased since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from engagement.own import anyone_from
from engagement.playbook.queue import DEFAULT, Queue
from engagement.priority import Known, Rank, rank
from schemas.events.decision import (
    BlockEnded,
    CadenceEntered,
    CadenceMoved,
    EnrolmentUpdated,
    EntryRefused,
)
from schemas.events.experiment import ExperimentAssigned, ExperimentExposed
from schemas.events.fact import Features, LeadFact
from schemas.events.plan import ConditionFailed, TouchPlanned
from schemas.events.queue import ClaimDisposed, ClaimExpired, ClaimReleased, LeadClaimed
from schemas.events.touch import TouchLapsed

BESIDE = (ExperimentAssigned, ExperimentExposed, ConditionFailed, BlockEnded, EntryRefused)
"""Decisions that say nothing of a plan."""

NOBODY: Mapping[str, bool] = MappingProxyType({})


@lru_cache(maxsize=256)
def order_of(content: str | None) -> Queue:
    """The order that this JSON says; the usual one where there is none."""
    return DEFAULT if content is None else Queue.model_validate_json(content)


class Stand(NamedTuple):
    """A lead that may be served, and where it stands: the smaller is served first."""

    tier_order: int
    order_key: int
    not_before: datetime
    lapses_at: datetime
    lead_id: UUID
    tier: str


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a lead."""

    team: str
    features: Features
    entered_at: datetime
    queue: Queue
    opened_at: datetime | None = None
    plan: TouchPlanned | None = None
    rank: Rank | None = None
    answered: UUID | None = None
    held: bool = False

    def planned(self, plan: TouchPlanned) -> "Row":
        """With this plan in force, in its place."""
        opened_at = self.opened_at or plan.not_before
        known = Known(self.features, self.entered_at, opened_at)
        found = rank(self.queue, known, plan)
        return replace(self, opened_at=opened_at, plan=plan, rank=found)

    def stand(self, lead_id: UUID, at: datetime) -> Stand | None:
        """Where it stands; nothing where no touch of it may be made at this moment."""
        plan, found = self.plan, self.rank
        if plan is None or found is None or self.held or self.answered == plan.plan_id:
            return None
        times = [(one.opens_at, one.closes_at) for one in plan.open_hours or ()]
        for opens_at, closes_at in times or [(plan.not_before, plan.lapses_at)]:
            if opens_at <= at < closes_at:
                tier, tier_order, order_key, _ = found.at(at)
                return Stand(tier_order, order_key, opens_at, closes_at, lead_id, tier)
        return None


@dataclass(slots=True)
class Standings:
    """Every lead of the log so far."""

    rows: dict[UUID, Row] = field(default_factory=dict)
    given_back: set[tuple[UUID, str | None]] = field(default_factory=set)

    def apply(self, fact: LeadFact) -> None:
        """Hear the next fact."""
        if isinstance(fact, CadenceEntered):
            self._enter(fact)
        elif fact.lead_id in self.rows and not isinstance(fact, BESIDE):
            if isinstance(fact, ClaimReleased) and not fact.left:
                self.given_back.add((fact.plan_id, fact.rep_id))
            self.rows[fact.lead_id] = _after(self.rows[fact.lead_id], fact)

    def order(
        self, team: str, rep_id: str, at: datetime, absent: Mapping[str, bool] = NOBODY
    ) -> list[Stand]:
        """Whom this rep could be given at the moment, the first to be served first.

        `absent` as Attendance tells it.
        """
        return sorted(self._for(team, rep_id, at, absent))

    def _for(
        self, team: str, rep_id: str, at: datetime, absent: Mapping[str, bool]
    ) -> Iterator[Stand]:
        for lead_id, row in self.rows.items():
            stand = row.stand(lead_id, at) if row.team == team else None
            if stand is None or row.plan is None:
                continue
            if (row.plan.plan_id, rep_id) in self.given_back:
                continue
            open_ = anyone_from(row.plan) <= at or self._disowned(row.plan)
            if open_ or _handed(row.plan, rep_id, absent):
                yield stand

    def _disowned(self, plan: TouchPlanned) -> bool:
        """Whether the rep whose touch it is has given it back."""
        return (plan.plan_id, plan.for_rep) in self.given_back

    def _enter(self, fact: CadenceEntered) -> None:
        row = Row(fact.team, fact.features, fact.recorded_at, order_of(fact.queue))
        known = self.rows.get(fact.lead_id)
        if known is not None:
            row = replace(row, plan=known.plan, rank=known.rank)
            row = replace(row, answered=known.answered, held=known.held)
        self.rows[fact.lead_id] = row


def _handed(plan: TouchPlanned, rep_id: str, absent: Mapping[str, bool]) -> bool:
    """Whether the rep's own, or that of one whose touches are everybody's now."""
    if plan.for_rep == rep_id:
        return True
    off = absent.get(plan.for_rep or "")
    return off is not None and (off or plan.again != "callback")


def _after(row: Row, fact: LeadFact) -> Row:
    match fact:
        case LeadClaimed() | ClaimReleased() | ClaimExpired():
            return replace(row, held=isinstance(fact, LeadClaimed))
        case ClaimDisposed() | TouchLapsed():
            held = row.held and isinstance(fact, TouchLapsed)
            return replace(row, held=held, answered=fact.plan_id)
        case TouchPlanned() if fact.kind != "automated":
            return row.planned(fact)
        case CadenceMoved():
            queue = order_of(fact.queue)
            moved = replace(row, team=fact.team, features=fact.features, queue=queue)
            return moved.planned(row.plan) if row.plan else moved
        case EnrolmentUpdated():
            features = row.features.model_copy(update=fact.features.told)
            known = replace(row, features=features)
            return known.planned(row.plan) if row.plan else known
        case _:
            return replace(row, plan=None, rank=None)
