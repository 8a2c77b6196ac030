"""Decisions of a cadence, as the prioritizer reads them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from schemas.envelope import Envelope, Event, child
from schemas.events.decision import (
    CadenceEnded,
    CadenceEntered,
    CadenceMoved,
    CadencePaused,
    EnrolmentUpdated,
)
from schemas.events.experiment import ExperimentAssigned, ExperimentExposed
from schemas.events.fact import Features, NewFeatures
from schemas.events.plan import TouchPlanned

TEAM = "sales"
CODES = ("no-answer", "interested")
NOW = datetime.now(UTC)
"""What plans are made around; the database compares them with a clock of its own."""


@dataclass(frozen=True)
class Lead:
    """A lead whose decisions are made one by one."""

    id: UUID = field(default_factory=uuid4)
    enrolment_id: UUID = field(default_factory=uuid4)
    team: str = TEAM
    sealed: str = "sealed"

    def entered(self, at: datetime = NOW, **changes: Any) -> Event[CadenceEntered]:
        """It enters the cadence."""
        return decided(
            CadenceEntered(
                lead_id=self.id,
                occurred_at=at,
                recorded_at=at,
                enrolment_id=self.enrolment_id,
                cadence="nine-touches",
                playbook_digest="0" * 64,
                team=self.team,
                features=Features(source="web-form", country="DE"),
                sealed=self.sealed,
            ).model_copy(update=changes)
        )

    def assigned(self, arm: str) -> Event[ExperimentAssigned]:
        """It is dealt to an arm of an experiment."""
        return decided(
            ExperimentAssigned(
                lead_id=self.id,
                occurred_at=NOW,
                recorded_at=NOW,
                experiment="tempo",
                arm=arm,
                playbook_digest="0" * 64,
            )
        )

    def exposed(self) -> Event[ExperimentExposed]:
        """The arm of its experiment begins to matter."""
        return decided(
            ExperimentExposed(
                lead_id=self.id,
                occurred_at=NOW,
                recorded_at=NOW,
                enrolment_id=self.enrolment_id,
                experiment="tempo",
                arm="nine-touches",
                step=1,
            )
        )

    def planned(self, **changes: Any) -> Event[TouchPlanned]:
        """A touch is planned: a first call, open since a minute ago, unless told otherwise."""
        plan = {
            "lead_id": self.id,
            "occurred_at": NOW,
            "recorded_at": NOW,
            "enrolment_id": self.enrolment_id,
            "plan_id": uuid4(),
            "step": 1,
            "steps": 9,
            "attempts": 0,
            "channel": "call",
            "activity": "First call",
            "not_before": NOW - timedelta(minutes=1),
            "due_at": NOW - timedelta(minutes=30),
            "lapses_at": NOW + timedelta(hours=1),
            "result_codes": CODES,
        }
        return decided(TouchPlanned.model_validate(plan | changes))

    def moved(self, team: str) -> Event[CadenceMoved]:
        """Its enrolment goes over to another version of its playbook, of this team."""
        return decided(
            CadenceMoved(
                lead_id=self.id,
                occurred_at=NOW,
                recorded_at=NOW,
                enrolment_id=self.enrolment_id,
                cadence="nine-touches",
                playbook_digest="1" * 64,
                team=team,
                features=Features(source="web-form", country="DE"),
                step=1,
            )
        )

    def paused(self, at: datetime = NOW) -> Event[CadencePaused]:
        """People stop its cadence until they resume it."""
        return decided(
            CadencePaused(
                lead_id=self.id,
                occurred_at=at,
                recorded_at=at,
                enrolment_id=self.enrolment_id,
                plan_id=uuid4(),
            )
        )

    def updated(self, sealed: str | None = None, **features: Any) -> Event[EnrolmentUpdated]:
        """A source told of it anew."""
        return decided(
            EnrolmentUpdated(
                lead_id=self.id,
                occurred_at=NOW,
                recorded_at=NOW,
                enrolment_id=self.enrolment_id,
                update_id=uuid4(),
                features=NewFeatures(**features),
                sealed=sealed,
            )
        )

    def ended(self) -> Event[CadenceEnded]:
        """Its cadence ends."""
        return decided(
            CadenceEnded(
                lead_id=self.id,
                occurred_at=NOW,
                recorded_at=NOW,
                enrolment_id=self.enrolment_id,
                reason="replied",
                attempts=1,
            )
        )


def decided(fact: Any) -> Event[Any]:
    """The decision as a message of the cadence."""
    id_ = uuid4()
    return Event(Envelope(id_, "/touchline/cadence", traceparent=child(None, id_)), fact)
