"""What a source tells of a lead anew: features derived as at its arrival, and the whole person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from schemas.events.fact import NewFeatures
from schemas.received.lead import LeadUpdateReceived
from services.ingest.identity import LeadIds
from services.ingest.lead import PERSONAL, zone_told
from services.ingest.mail import kind_of_mail
from services.ingest.reach import NOWHERE, Reach, reach


@dataclass(frozen=True, slots=True)
class Update:
    """What changed of a lead. Without `person` that stays as it was.

    `reach` holds hashes of its new number and mail domain, as for a lead that comes in.
    """

    lead_id: UUID
    features: NewFeatures
    person: bytes | None
    occurred_at: datetime | None
    reach: Reach = NOWHERE


def update_of(told: LeadUpdateReceived, lead_id: UUID, ids: LeadIds) -> Update:
    """What `told` changes of the lead; raises Refused, naming field, rule and fix."""
    return Update(
        lead_id,
        _features(told),
        _person(told),
        told.occurred_at,
        reach(ids, told.phone, told.country, told.email),
    )


def _features(told: LeadUpdateReceived) -> NewFeatures:
    time_zone, zone_source = zone_told(told)
    return NewFeatures(
        country=told.country,
        region=told.region,
        time_zone=time_zone,
        zone_source=zone_source,
        mail=kind_of_mail(told.email),
        score=told.score,
        language=told.language,
    )


def _person(told: LeadUpdateReceived) -> bytes | None:
    """Whole: with the fields by which it is named, where it is not named anew by them."""
    fields = {name: value for name in PERSONAL if (value := getattr(told, name)) is not None}
    if not fields:
        return None
    named = told.identity.model_dump(exclude_none=True) if told.identity is not None else {}
    return orjson.dumps(named | fields)
