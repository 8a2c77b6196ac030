"""A lead as its source told it: what rules may see of it, and the person, yet to be sealed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from pydantic import ValidationError

from engagement import zones
from engagement.calendar.countries import zone_of
from schemas.events.fact import Features, ZoneFound
from schemas.received.lead import LeadUpdateReceived, MqlReceived
from services.ingest.identity import LeadIds, Unidentifiable
from services.ingest.mail import kind_of_mail
from services.ingest.phone_zone import zone_of_phone
from services.ingest.reach import NOWHERE, Reach, reach
from services.ingest.refused import Refused, refused

PERSONAL = (
    "email",
    "phone",
    "external_id",
    "first_name",
    "last_name",
    "title",
    "company",
    "profile_url",
    "note",
)
"""The fields of MqlReceived that travel sealed, as a JSON object of those that were told."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead that may come in. Without `occurred_at` it occurred when it was recorded.

    `reach` holds hashes of its number and mail domain, by which others may be found.
    """

    lead_id: UUID
    features: Features
    person: bytes
    occurred_at: datetime | None
    reach: Reach = NOWHERE


def lead_of(mql: MqlReceived, source: str, ids: LeadIds) -> Lead:
    """The lead that `source` told; raises Refused, naming field, rule and fix."""
    try:
        return Lead(
            ids.of(mql, source),
            _features(mql, source),
            _person(mql),
            mql.occurred_at,
            reach(ids, mql.phone, mql.country, mql.email),
        )
    except Unidentifiable as error:
        raise Refused("invalid", "phone", str(error), "send the full number") from None
    except ValidationError as error:  # a name of a source, longer than a feature may be
        raise refused(error) from None


def _features(mql: MqlReceived, source: str) -> Features:
    time_zone, zone_source = zone_told(mql)
    return Features(
        source=source,
        campaign=mql.campaign,
        country=mql.country,
        region=mql.region,
        time_zone=time_zone,
        zone_source=zone_source,
        mail=kind_of_mail(mql.email),
        score=mql.score,
        consent=mql.consent,
        language=mql.language,
    )


def zone_told(mql: MqlReceived | LeadUpdateReceived) -> tuple[str | None, ZoneFound | None]:
    """The zone told, else the phone's, else the whole country's; and by what it was inferred.

    Raises Refused for a zone that there is not.
    """
    if mql.time_zone is not None and mql.time_zone not in zones.names():
        fix = "send an IANA name such as Europe/Berlin, or leave it out"
        raise Refused("invalid", "time_zone", "no time zone has this name", fix)
    if mql.time_zone is not None:
        return mql.time_zone, None
    if mql.phone is not None and (by_phone := zone_of_phone(mql.phone, mql.country)):
        return by_phone, "phone"
    by_country = zone_of(mql.country) if mql.country else None
    return by_country, None if by_country is None else "country"


def _person(mql: MqlReceived) -> bytes:
    told = ((name, getattr(mql, name)) for name in PERSONAL)
    return orjson.dumps({name: value for name, value in told if value is not None})
