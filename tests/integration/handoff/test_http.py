"""The ledger as a CRM consumer sees it."""

from collections.abc import AsyncIterator
from hashlib import sha256
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from services.handoff import api
from services.runtime.access.security import ApiKeys
from services.runtime.doors.http import application
from tests.integration.handoff.desk import PERSON, Desk

KEY = "the key of acme"


@pytest_asyncio.fixture
async def crm(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A consumer's client."""
    keys = ApiKeys({"acme": sha256(KEY.encode()).hexdigest()})
    app = application("handoff", [api.router(desk.pool, desk.vault, keys)], 10_000)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://handoff",
        headers={"Authorization": f"Bearer {KEY}"},
    ) as client:
        yield client


async def test_a_handoff_is_read_before_and_after_its_answer(
    desk: Desk, crm: httpx.AsyncClient
) -> None:
    lead = await desk.handed_off()
    path = f"/v1/handoffs/{lead.handoff_id}"
    before = (await crm.get(path)).json()
    assert (before["state"], before["answered_at"]) == ("published", None)
    assert before["features"]["country"] == "DE"
    assert "sealed" not in before
    await desk.answer(lead.answered(crm_record_id="00Q1"))
    after = (await crm.get(path)).json()
    assert (after["state"], after["crm_record_id"]) == ("accepted", "00Q1")


async def test_the_person_is_given_in_clear_until_it_is_erased(
    desk: Desk, crm: httpx.AsyncClient
) -> None:
    lead = await desk.handed_off()
    path = f"/v1/handoffs/{lead.handoff_id}/person"
    assert (await crm.get(path)).json()["person"] == PERSON
    async with desk.pool.connection() as conn:
        await conn.execute("delete from vault.keys")
    gone = await crm.get(path)
    assert (gone.status_code, gone.json()["type"]) == (410, "urn:touchline:problem:person-erased")


@pytest.mark.parametrize("part", ["", "/person"])
async def test_an_unknown_handoff_is_not_found(crm: httpx.AsyncClient, part: str) -> None:
    answer = await crm.get(f"/v1/handoffs/{uuid4()}{part}")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:touchline:problem:unknown-handoff"


@pytest.mark.parametrize("part", ["", "/person"])
async def test_without_a_key_nothing_is_told(
    desk: Desk, crm: httpx.AsyncClient, part: str
) -> None:
    lead = await desk.handed_off()
    path = f"/v1/handoffs/{lead.handoff_id}{part}"
    answer = await crm.get(path, headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401
