"""Touches from other systems, as facts about leads."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from schemas.events.fact import LeadFact
from schemas.events.lead import MeetingBooked, OptedOut, ReplyReceived
from schemas.events.touch import TouchLogged
from schemas.received.event import TouchReceived
from schemas.received.message import Identity
from services.ingest.connectors.kafka import touch_fact
from services.ingest.identity import LeadIds
from services.ingest.refused import Refused

IDS = LeadIds(b"a secret of this deployment's own")
LEAD, PLAN = UUID(int=1), UUID(int=2)
SAID, RECORDED = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, 1, tzinfo=UTC)
STARTS = datetime(2026, 3, 9, 9, tzinfo=UTC)


def fact(**told: object) -> LeadFact:
    touch = TouchReceived.model_validate(
        {"lead_id": LEAD, "channel": "call", "occurred_at": SAID} | told
    )
    return touch_fact(touch, "/dialer/1", RECORDED, IDS)


def test_a_touch_keeps_its_plan_result_and_rep() -> None:
    told = {"outcome": "touched", "result_code": "no-answer", "plan_id": PLAN, "rep_id": "kim"}

    assert fact(**told) == TouchLogged(
        lead_id=LEAD,
        occurred_at=SAID,
        recorded_at=RECORDED,
        plan_id=PLAN,
        channel="call",
        result_code="no-answer",
        rep_id="kim",
    )


def test_a_reply_is_a_fact() -> None:
    assert fact(outcome="replied", channel="email") == ReplyReceived(
        lead_id=LEAD, occurred_at=SAID, recorded_at=RECORDED, channel="email"
    )


def test_a_booked_meeting_is_a_fact() -> None:
    assert fact(outcome="meeting-booked", starts_at=STARTS) == MeetingBooked(
        lead_id=LEAD, occurred_at=SAID, recorded_at=RECORDED, starts_at=STARTS
    )


def test_an_opt_out_is_a_fact_for_its_channel() -> None:
    assert fact(outcome="opted-out", channel="sms") == OptedOut(
        lead_id=LEAD, occurred_at=SAID, recorded_at=RECORDED, channel="sms"
    )


def test_a_touch_may_name_its_lead_as_the_mql_did() -> None:
    ann = Identity(email="ann@acme.example")

    told = fact(outcome="replied", lead_id=None, identity=ann.model_dump())

    assert told.lead_id == IDS.of(ann, "any other source")


def test_a_touch_of_nobody_is_refused() -> None:
    with pytest.raises(Refused, match=r"identity\.phone: fewer than 5 digits"):
        fact(outcome="replied", lead_id=None, identity={"phone": "-----"})
