"""What happened to leads, as others tell it, is a fact, or refused with field, rule and fix."""

from datetime import UTC, datetime
from typing import Any, get_args

import orjson
import pytest

from schemas.events.fact import LeadFact
from schemas.events.lead import (
    Bounced,
    CallbackRequested,
    ConsentGiven,
    EnrolmentPaused,
    EnrolmentRemoved,
    EnrolmentResumed,
    LeadReassigned,
    MeetingBooked,
    OptedOut,
    ReplyReceived,
)
from schemas.events.touch import TouchLogged
from schemas.received.event import Happened
from schemas.received.message import Identity
from services.ingest.connectors.events import contents
from services.ingest.refused import Refused
from tests.unit.ingest.telling import (
    DIALER,
    IDS,
    LEAD,
    OPERATOR,
    PLAN,
    RECORDED,
    SAID,
    fact,
    refusal,
)

LATER = datetime(2026, 3, 9, 9, tzinfo=UTC)
ABOUT = {"lead_id": LEAD, "occurred_at": SAID, "recorded_at": RECORDED}


@pytest.mark.parametrize(
    ("event", "told", "expected"),
    [
        (
            "touch-logged",
            {
                "channel": "call",
                "result_code": "callback",
                "plan_id": PLAN,
                "rep_id": "kim",
                "callback_at": LATER,
            },
            TouchLogged(
                **ABOUT,
                channel="call",
                result_code="callback",
                plan_id=PLAN,
                rep_id="kim",
                callback_at=LATER,
            ),
        ),
        ("reply-received", {"channel": "email"}, ReplyReceived(**ABOUT, channel="email")),
        (
            "reply-received",
            {"channel": "email", "auto_reply": True, "returns_on": LATER},
            ReplyReceived(**ABOUT, channel="email", auto_reply=True, returns_on=LATER),
        ),
        ("meeting-booked", {"starts_at": LATER}, MeetingBooked(**ABOUT, starts_at=LATER)),
        ("opted-out", {}, OptedOut(**ABOUT, channel="all")),
        ("consent-given", {"channel": "sms"}, ConsentGiven(**ABOUT, channel="sms")),
        ("consent-given", {"channel": "all"}, ConsentGiven(**ABOUT, channel="all")),
        ("opted-out", {"channel": "sms"}, OptedOut(**ABOUT, channel="sms")),
        ("bounced", {"channel": "email"}, Bounced(**ABOUT, channel="email")),
        ("callback-requested", {}, CallbackRequested(**ABOUT)),
        (
            "callback-requested",
            {"callback_at": LATER},
            CallbackRequested(**ABOUT, callback_at=LATER),
        ),
        ("lead-reassigned", {"rep_id": "kim"}, LeadReassigned(**ABOUT, rep_id="kim")),
        ("lead-reassigned", {}, LeadReassigned(**ABOUT)),
        ("enrolment-paused", {"until": LATER}, EnrolmentPaused(**ABOUT, until=LATER)),
        ("enrolment-resumed", {"rep_id": "kim"}, EnrolmentResumed(**ABOUT, rep_id="kim")),
        ("enrolment-removed", {}, EnrolmentRemoved(**ABOUT)),
        (
            "enrolment-removed",
            {"rep_id": "kim", "why": "bad-data"},
            EnrolmentRemoved(**ABOUT, rep_id="kim", why="bad-data"),
        ),
    ],
)
def test_each_event_is_the_fact_of_its_name(
    event: str, told: dict[str, Any], expected: LeadFact
) -> None:
    assert fact(event, **told) == expected
    assert expected.type == event


@pytest.mark.parametrize("event", [*get_args(Happened), "enrolment-removed"])
def test_what_people_do_is_not_for_tools_to_say(event: str) -> None:
    needed = {"channel": "email"} if event in {"reply-received", "bounced"} else {}
    if event == "touch-logged":
        needed = {"channel": "call", "result_code": "no-answer"}
    if event in {"lead-reassigned", "enrolment-paused", "enrolment-resumed", "enrolment-removed"}:
        assert refusal(DIALER, event) == (
            "not-allowed",
            f"event: {event} is for people to say; send it to POST /v1/events as an operator",
        )
    else:
        assert fact(event, DIALER, **needed) == fact(event, OPERATOR, **needed)


@pytest.mark.parametrize(
    ("event", "told", "reason"),
    [
        ("meeting", {}, "event: Input should be 'touch-logged', 'reply-received'"),
        ("reply-received", {}, 'channel: Field required; send "call", "email", "sms" or "social"'),
        ("reply-received", {"channel": "all"}, "channel: Input should be 'call', 'email'"),
        ("touch-logged", {"channel": "call"}, "result_code: Field required; send one of the play"),
        ("opted-out", {"result_code": "x"}, "result_code: says nothing of opted-out; take it out"),
        ("meeting-booked", {"until": LATER}, "until: says nothing of meeting-booked; take it out"),
        (
            "meeting-booked",
            {"strats_at": LATER},
            "strats_at: Extra inputs are not permitted; take",
        ),
        (
            "reply-received",
            {"channel": "email", "returns_on": LATER},
            "returns_on: tells when a lead is back for whom a machine answered; send auto_reply",
        ),
        (
            "callback-requested",
            {"callback_at": "2026-03-01T09:30:00"},
            "callback_at: Input should",
        ),
        ("opted-out", {"lead_id": None}, "value: needs exactly one of lead_id and identity"),
        ("enrolment-removed", {"why": "rude"}, "why: Input should be 'bad-data', 'contact-later'"),
        ("enrolment-removed", {"until": LATER}, "until: Extra inputs are not permitted; take"),
        ("opted-out", {"source": "shop"}, "value: source says whose identity it is"),
        (
            "opted-out",
            {"lead_id": None, "identity": {"phone": "-----"}},
            "identity.phone: fewer than 5 digits; send the full number",
        ),
    ],
)
def test_a_refusal_names_field_rule_and_fix(
    event: str, told: dict[str, object], reason: str
) -> None:
    code, said = refusal(OPERATOR, event, **told)

    assert code == "invalid"
    assert said.startswith(reason)


def test_a_lead_may_be_named_as_its_mql_did() -> None:
    ann = Identity(email="ann@acme.example")

    told = fact("opted-out", lead_id=None, identity=ann.model_dump())

    assert told.lead_id == IDS.of(ann, "any source")


def test_a_foreign_id_counts_within_the_source_that_sent_the_mql() -> None:
    """A mail tool knows the shop's customer number, and no other name of the lead."""
    customer = Identity(external_id="4711")
    told: dict[str, Any] = {"lead_id": None, "identity": {"external_id": "4711"}}

    assert fact("opted-out", DIALER, **told).lead_id == IDS.of(customer, "dialer")
    assert fact("opted-out", DIALER, source="shop", **told).lead_id == IDS.of(customer, "shop")


def test_without_a_time_it_happened_when_it_came() -> None:
    assert fact("opted-out", occurred_at=None).occurred_at == RECORDED


def test_a_list_is_read_in_its_order_and_a_wrong_one_is_named() -> None:
    good, bad = {"event": "opted-out", "lead_id": LEAD}, {"event": "bounced", "lead_id": LEAD}

    told = contents(orjson.dumps([good, good | {"channel": "sms"}]), DIALER, RECORDED, IDS)
    with pytest.raises(Refused) as refused:
        contents(orjson.dumps([good, bad]), DIALER, RECORDED, IDS)

    assert [one.channel for one in told if isinstance(one, OptedOut)] == ["all", "sms"]
    assert refused.value.field == "[1].channel"
    with pytest.raises(Refused, match="a list of 101 events; send 1 to 100 at once"):
        contents(orjson.dumps([good] * 101), DIALER, RECORDED, IDS)


def test_a_consent_says_for_what_it_is() -> None:
    code, why = refusal(DIALER, "consent-given")

    assert (code, why.partition(":")[0]) == ("invalid", "channel")
