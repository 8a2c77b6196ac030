"""What tools see of a lead that has not answered is a fact about that lead."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from schemas.events.lead import EngagementSeen
from schemas.received.event import EngagementReceived
from schemas.received.message import Identity
from services.ingest.connectors.kafka import engagement_fact
from services.ingest.identity import LeadIds
from services.ingest.refused import Refused

IDS = LeadIds(b"a secret of this deployment's own")
SAID, RECORDED = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, 1, tzinfo=UTC)
PLAN = UUID(int=2)


def test_it_is_about_the_lead_that_is_named_by_id_or_by_identity() -> None:
    ada = Identity(email="ada@example.com")
    for named, lead in (({"lead_id": UUID(int=1)}, UUID(int=1)), ({"identity": ada}, None)):
        seen = EngagementReceived(
            **named, occurred_at=SAID, channel="email", signal="opened", plan_id=PLAN
        )
        assert engagement_fact(seen, "/mail", RECORDED, IDS) == EngagementSeen(
            lead_id=lead or IDS.of(ada, "/mail"),
            occurred_at=SAID,
            recorded_at=RECORDED,
            channel="email",
            signal="opened",
            plan_id=PLAN,
        )


def test_a_number_that_means_nothing_is_refused() -> None:
    seen = EngagementReceived(
        identity=Identity(phone="(030)(-)"), occurred_at=SAID, channel="social", signal="accepted"
    )
    with pytest.raises(Refused, match=r"identity\.phone: fewer than 5 digits"):
        engagement_fact(seen, "/social", RECORDED, IDS)


def test_it_names_one_lead() -> None:
    with pytest.raises(ValueError, match="exactly one of lead_id and identity"):
        EngagementReceived(occurred_at=SAID, channel="email", signal="opened")
