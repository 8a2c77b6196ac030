"""Leads as the log holds them: features in clear, the person sealed under the lead's own key."""

from datetime import datetime

from schemas.events.lead import LeadCreated, LeadUpdated
from services.ingest.lead import Lead
from services.ingest.update import Update
from services.runtime.vault import seal


def created(lead: Lead, recorded_at: datetime, key: bytes) -> LeadCreated:
    """The fact that the lead came in."""
    return LeadCreated(
        lead_id=lead.lead_id,
        occurred_at=lead.occurred_at or recorded_at,
        recorded_at=recorded_at,
        features=lead.features,
        sealed=seal(key, lead.lead_id, lead.person),
    )


def updated(update: Update, recorded_at: datetime, key: bytes) -> LeadUpdated:
    """The fact that a source told of it anew."""
    person = update.person
    return LeadUpdated(
        lead_id=update.lead_id,
        occurred_at=update.occurred_at or recorded_at,
        recorded_at=recorded_at,
        features=update.features,
        sealed=None if person is None else seal(key, update.lead_id, person),
    )
