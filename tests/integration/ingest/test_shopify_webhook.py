"""Shopify's webhooks on a real database: signed, once, and a 2xx for what a retry cannot mend."""

import asyncio

import orjson
import pytest

from services.runtime.access.security import hmac_sha256_base64
from tests.integration.ingest.harness import SHOPIFY_SECRETS, Ingest

MIA = {
    "id": 6120938701125,
    "email": "mia@nordlicht.example",
    "first_name": "Mia",
    "created_at": "2026-03-02T08:15:30-05:00",
    "email_marketing_consent": {"state": "subscribed"},
}
BODY = orjson.dumps(MIA)


async def test_a_signed_webhook_is_a_lead(ingest: Ingest) -> None:
    answer = await ingest.webhook(BODY)

    (event,) = await ingest.facts()
    assert (answer.status_code, answer.json()) == (202, {"status": "accepted"})
    assert event.data.features.consent.email == "granted"
    assert event.data.occurred_at.isoformat() == "2026-03-02T13:15:30+00:00"
    assert event.data.occurred_at < event.data.recorded_at


async def test_both_active_secrets_sign(ingest: Ingest) -> None:
    older = hmac_sha256_base64(SHOPIFY_SECRETS[1].encode(), BODY)

    answer = await ingest.webhook(BODY, **{"x-shopify-hmac-sha256": older})

    assert answer.status_code == 202


async def test_each_webhook_delivered_three_times_is_one_fact(ingest: Ingest) -> None:
    deliveries = [(orjson.dumps(MIA | {"id": n}), f"delivery-{n}") for n in range(10)] * 3
    answers = await asyncio.gather(*(ingest.webhook(*delivery) for delivery in deliveries))

    statuses = [answer.json()["status"] for answer in answers]
    assert {answer.status_code for answer in answers} == {202}
    assert (statuses.count("accepted"), statuses.count("duplicate")) == (10, 20)
    assert len(await ingest.facts()) == 10


async def test_an_order_of_the_same_person_is_the_same_lead(ingest: Ingest) -> None:
    order = orjson.dumps({"id": 1, "email": MIA["email"], "customer": MIA})

    await ingest.webhook(BODY, "delivery-1")
    await ingest.webhook(order, "delivery-2", **{"x-shopify-topic": "orders/paid"})

    first, second = await ingest.facts()
    assert first.data.lead_id == second.data.lead_id
    assert first.envelope.id != second.envelope.id
    assert await ingest.person(first.data) == await ingest.person(second.data)


async def test_a_rival_body_is_set_aside_and_not_asked_for_again(ingest: Ingest) -> None:
    """A 4xx would make Shopify send it again and again, and then drop the subscription."""
    rival = orjson.dumps(MIA | {"first_name": "Other"})

    await ingest.webhook(BODY)
    answer = await ingest.webhook(rival)

    (aside,) = await ingest.quarantined()
    assert (answer.status_code, answer.json()["status"]) == (202, "set aside")
    assert (aside.headers["quarantine_code"], aside.message.value) == ("id-conflict", rival)
    assert len(await ingest.facts()) == 1


async def test_an_order_at_the_till_is_ignored_and_says_so(ingest: Ingest) -> None:
    order = orjson.dumps({"id": 1, "email": "", "customer": None})
    answer = await ingest.webhook(order, **{"x-shopify-topic": "orders/paid"})

    assert (answer.status_code, answer.json()["status"]) == (202, "ignored")
    assert "no customer" in answer.json()["reason"]
    assert await ingest.untouched()


@pytest.mark.parametrize(
    "signature",
    ["", "AAAA", "not base64 \u00ff", hmac_sha256_base64(b"a stranger's secret", BODY)],
)
async def test_a_forged_webhook_leaves_nothing(ingest: Ingest, signature: str) -> None:
    headers = {"x-shopify-hmac-sha256": signature.encode("latin-1")}
    answer = await ingest.webhook(BODY, **headers)  # type: ignore[arg-type]

    assert (answer.status_code, answer.headers["content-type"]) == (
        401,
        "application/problem+json",
    )
    assert await ingest.untouched()
