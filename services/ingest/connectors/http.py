"""MQLs as `POST /v1/leads` takes them: one, or a list of them, all or none."""

from functools import partial

from pydantic import ValidationError

from schemas.received.lead import MqlReceived
from services.ingest.connectors.batch import items
from services.ingest.identity import LeadIds
from services.ingest.lead import Lead, lead_of
from services.ingest.refused import refused


def leads(raw: bytes, source: str, ids: LeadIds) -> list[Lead]:
    """The leads in `raw`, in its order.

    Raises Refused if any is wrong, naming its index in the list, field, rule and fix.
    """
    return items(raw, "leads", partial(_lead, source, ids))


def _lead(source: str, ids: LeadIds, item: object) -> Lead:
    try:
        mql = MqlReceived.__pydantic_validator__.validate_python(item)
    except ValidationError as error:
        raise refused(error) from None
    return lead_of(mql, source, ids)
