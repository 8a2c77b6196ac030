"""MQLs as `POST /v1/leads` takes them: one, or a list of them, all or none."""

from pydantic import ValidationError

from schemas.received import MqlReceived
from services.ingest.identity import LeadIds
from services.ingest.lead import Lead, lead_of
from services.ingest.refused import WHOLE, Refused, parsed, refused

MOST_LEADS = 100


def leads(raw: bytes, source: str, ids: LeadIds) -> list[Lead]:
    """The leads in `raw`, in its order.

    Raises Refused if any is wrong, naming its index in the list, field, rule and fix.
    """
    document = parsed(raw)
    if not isinstance(document, list):
        return [_lead(document, source, ids)]
    if not 1 <= len(document) <= MOST_LEADS:
        rule = f"a list of {len(document)} leads"
        raise Refused("invalid", WHOLE, rule, f"send 1 to {MOST_LEADS} at once")
    return [_item(n, item, source, ids) for n, item in enumerate(document)]


def _item(n: int, item: object, source: str, ids: LeadIds) -> Lead:
    try:
        return _lead(item, source, ids)
    except Refused as error:
        raise error.at(n) from None


def _lead(item: object, source: str, ids: LeadIds) -> Lead:
    try:
        mql = MqlReceived.__pydantic_validator__.validate_python(item)
    except ValidationError as error:
        raise refused(error) from None
    return lead_of(mql, source, ids)
