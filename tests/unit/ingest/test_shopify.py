"""Shopify's two webhooks as leads, in the shapes that its documentation gives."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events.fact import ChannelConsent
from services.ingest.connectors import shopify
from services.ingest.identity import LeadIds
from services.ingest.lead import Lead
from services.ingest.refused import Refused

IDS = LeadIds(b"a secret of this deployment's own")

CUSTOMER: dict[str, Any] = {
    "id": 6120938701125,
    "created_at": "2026-03-02T08:15:30-05:00",
    "updated_at": "2026-03-02T08:15:31-05:00",
    "first_name": "Mia",
    "last_name": "Lindqvist",
    "orders_count": 0,
    "state": "disabled",
    "total_spent": "0.00",
    "last_order_id": None,
    "note": None,
    "verified_email": True,
    "multipass_identifier": None,
    "tax_exempt": False,
    "email": "mia@nordlicht.example",
    "phone": "+4686119999",
    "currency": "SEK",
    "tax_exemptions": [],
    "email_marketing_consent": {
        "state": "subscribed",
        "opt_in_level": "single_opt_in",
        "consent_updated_at": "2026-03-02T08:15:30-05:00",
    },
    "sms_marketing_consent": {
        "state": "unsubscribed",
        "opt_in_level": "unknown",
        "consent_updated_at": None,
        "consent_collected_from": "OTHER",
    },
    "tags": "newsletter, trade",
    "admin_graphql_api_id": "gid://shopify/Customer/6120938701125",
    "default_address": {
        "id": 7219540164805,
        "customer_id": 6120938701125,
        "first_name": "Mia",
        "last_name": "Lindqvist",
        "company": "Nordlicht AB",
        "address1": "Storgatan 1",
        "address2": "",
        "city": "Stockholm",
        "province": "",
        "country": "Sweden",
        "zip": "111 51",
        "phone": "08-611 99 99 ask for Mia",
        "province_code": None,
        "country_code": "SE",
        "country_name": "Sweden",
        "default": True,
    },
}
ORDER: dict[str, Any] = {
    "id": 5409138917573,
    "email": "mia@nordlicht.example",
    "phone": None,
    "created_at": "2026-03-03T10:00:00-05:00",
    "updated_at": "2026-03-03T10:00:09-05:00",
    "financial_status": "paid",
    "total_price": "1890.00",
    "customer": CUSTOMER,
    "line_items": [{"id": 1, "sku": "LAMP-7", "quantity": 2, "price": "945.00"}],
}


def leads(document: object, topic: str = "customers/create") -> list[Lead]:
    return shopify.leads(orjson.dumps(document), topic, IDS)


def one(**changes: object) -> Lead:
    (lead,) = leads(CUSTOMER | changes)
    return lead


def test_a_created_customer_is_a_lead() -> None:
    lead = one()

    assert json.loads(lead.person) == {
        "email": "mia@nordlicht.example",
        "phone": "+4686119999",
        "external_id": "6120938701125",
        "first_name": "Mia",
        "last_name": "Lindqvist",
        "company": "Nordlicht AB",
    }
    assert lead.features.model_dump(exclude_none=True, exclude={"consent"}) == {
        "source": "shopify",
        "country": "SE",
        "time_zone": "Europe/Stockholm",
        "zone_source": "phone",
        "mail": "business",
    }
    assert lead.occurred_at is not None
    assert lead.occurred_at.isoformat() == "2026-03-02T08:15:30-05:00"


def test_a_paid_order_is_its_customer_once_more() -> None:
    (lead,) = leads(ORDER, "orders/paid")

    assert (lead.lead_id, lead.person) == (one().lead_id, one().person)
    assert lead.occurred_at is not None
    assert lead.occurred_at.isoformat() == "2026-03-03T10:00:09-05:00"


def test_a_guests_order_is_a_lead_by_its_own_address() -> None:
    (lead,) = leads(ORDER | {"customer": None}, "orders/paid")

    assert lead.lead_id == one().lead_id
    assert json.loads(lead.person) == {"email": "mia@nordlicht.example"}


def test_an_order_at_the_till_names_nobody() -> None:
    assert leads(ORDER | {"customer": None, "email": ""}, "orders/paid") == []


def test_a_customer_without_address_is_a_lead_by_shopifys_id() -> None:
    bare = {"email": None, "phone": None, "default_address": None}

    assert one(**bare).lead_id == one(**bare, first_name="Maria").lead_id != one().lead_id


@pytest.mark.parametrize(
    ("state", "consent"),
    [
        ("subscribed", "granted"),
        ("unsubscribed", "denied"),
        ("redacted", "denied"),
        ("not_subscribed", "unknown"),
        ("pending", "unknown"),
        ("invalid", "unknown"),
        ("a state of next year", "unknown"),
    ],
)
def test_consent_is_what_the_customer_said(state: str, consent: str) -> None:
    lead = one(email_marketing_consent={"state": state}, sms_marketing_consent=None)

    assert lead.features.consent == ChannelConsent.model_validate({"email": consent})


def test_consent_by_sms_is_apart_from_consent_by_mail() -> None:
    assert one().features.consent == ChannelConsent(email="granted", sms="denied")


@pytest.mark.parametrize(
    ("phone", "told"),
    [("+46 8 611 99 99", "+46 8 611 99 99"), ("ask for Mia", None), ("-----", None)],
)
def test_an_addresss_phone_counts_if_it_is_one(phone: str, told: str | None) -> None:
    lead = one(phone=None, default_address={"phone": phone})

    assert json.loads(lead.person).get("phone") == told


def test_a_long_name_is_clipped_rather_than_the_lead_lost() -> None:
    assert json.loads(one(first_name="M" * 255).person)["first_name"] == "M" * 200


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": None}, "id: a customer has one; send Shopify's own body"),
        ({"id": "seven"}, "id: Input should be a valid integer"),
        ({"email": "mia"}, "email: String should match pattern"),
        ({"first_name": "M\x00"}, "first_name: String should match pattern"),
        ({"default_address": "Storgatan 1"}, "default_address: Input should be a valid"),
        ({"created_at": "yesterday"}, "created_at: Input should be a valid datetime"),
    ],
)
def test_a_body_that_is_not_shopifys_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        one(**changes)

    assert refused.value.reason.startswith(reason)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            key: st.none() | st.text(max_size=300) | st.integers() | st.lists(st.integers())
            for key in (*CUSTOMER, "customer")
        },
    )
)
def test_whatever_is_signed_is_a_lead_or_refused(changes: dict[str, object]) -> None:
    documents: dict[str, dict[str, Any]] = {"customers/create": CUSTOMER, "orders/paid": ORDER}
    for topic, document in documents.items():
        try:
            found = shopify.leads(json.dumps(document | changes).encode(), topic, IDS)
        except Refused as refused:
            said, found = refused.reason, []
        else:
            said = "came in"
        assert said.encode()
        assert len(found) <= 1
