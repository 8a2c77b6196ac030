"""The promise to CRM consumers: its own classes and versions, mapped to in services/handoff."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, model_validator

from schemas.events.fact import Features, Frozen, LeadFact, Moment, Text


class SalesQualifiedLead(LeadFact):
    """A sales-qualified lead. The same `handoff_id` is the same handoff, however often it is read.

    The log is kept for ever, so the person travels sealed; GET /v1/handoffs/{handoff_id}/person
    of the handoff service gives it in clear, until the lead is erased.
    """

    type: ClassVar[str] = "sales-qualified-lead"

    handoff_id: UUID
    enrolment_id: UUID
    result_code: Text
    rep_id: Text | None
    attempts: int
    features: Features
    sealed: str


class HandoffAnswered(Frozen):
    """The CRM's answer. "duplicate": it has the lead already, which counts as accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str] = "handoff-answered"
    version: ClassVar[int] = 1

    handoff_id: UUID
    status: Literal["accepted", "rejected", "duplicate"]
    crm: Text
    at: Moment
    crm_record_id: Text | None = None
    reason_code: Text | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> "HandoffAnswered":
        if self.status == "rejected" and self.reason_code is None:
            raise ValueError(
                "a rejection needs reason_code, so that the lead's cadence learns why"
            )
        return self
