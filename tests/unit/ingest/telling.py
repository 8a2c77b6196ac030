"""What others tell, as bytes, and what becomes of it."""

from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest

from schemas.events.fact import LeadFact
from services.ingest.connectors.events import Sender, contents
from services.ingest.identity import LeadIds
from services.ingest.refused import Refused

IDS = LeadIds(b"a secret of this deployment's own")
LEAD, PLAN = UUID(int=1), UUID(int=2)
SAID, RECORDED = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, 1, tzinfo=UTC)
DIALER, OPERATOR = Sender("dialer"), Sender("kim", in_charge=True)


def raw(event: str, **told: object) -> bytes:
    """An event as it is sent."""
    return orjson.dumps({"event": event, "lead_id": LEAD, "occurred_at": SAID} | told)


def fact(event: str, sender: Sender = OPERATOR, **told: object) -> LeadFact:
    """The fact that it becomes."""
    (only,) = contents(raw(event, **told), sender, RECORDED, IDS)
    assert isinstance(only, LeadFact)
    return only


def refusal(sender: Sender, event: str, **told: object) -> tuple[str, str]:
    """By which code it is refused, and why."""
    with pytest.raises(Refused) as refused:
        contents(raw(event, **told), sender, RECORDED, IDS)
    return refused.value.code, refused.value.reason
