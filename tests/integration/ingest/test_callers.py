"""Whom ingest's doors for operators let in by a provider's token, and what others are refused."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from schemas.events.lead import LeadReassigned
from tests.integration.ingest.harness import OPERATOR_KEY, PLAYBOOK, SOURCE_KEY, Ingest, opened
from tests.integration.ingest.test_moves import MOVE
from tests.provider import AUDIENCE, ISSUER, ec_signer, key_set, rsa_signer

OIDC = {"issuer": ISSUER, "audience": AUDIENCE, "jwks": key_set(rsa_signer())}
REASSIGNED = {"event": "lead-reassigned", "identity": {"email": "ann@acme.example"}}
DOORS: dict[str, tuple[str, object]] = {
    "/v1/playbook": ("PUT", orjson.loads(PLAYBOOK.content)),
    "/v1/events": ("POST", REASSIGNED),
    "/v1/enrolment-moves": ("POST", MOVE),
    "/v1/do-not-contact": ("POST", {"domain": "acme.example"}),
}
EACH_DOOR = pytest.mark.parametrize("door", DOORS)


def token(*roles: str, **claims: Any) -> str:
    return rsa_signer().token(**{"sub": "olga", "role": list(roles), "team": None} | claims)


@pytest.fixture
async def provided(database: str) -> AsyncIterator[Ingest]:
    """Ingest that takes a provider's word, with a playbook in force."""
    async with opened(database, TOUCHLINE_OIDC=orjson.dumps(OIDC).decode()) as ingest:
        assert (await ingest.publish()).status_code == 200
        yield ingest


async def ask(ingest: Ingest, door: str, credential: str, key: str = "key-1") -> httpx.Response:
    method, told = DOORS[door]
    headers = {"authorization": f"Bearer {credential}", "idempotency-key": key}
    return await ingest.client.request(method, door, json=told, headers=headers)


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:touchline:problem:")


@EACH_DOOR
async def test_an_operator_comes_by_token_or_by_key(provided: Ingest, door: str) -> None:
    for key, credential in enumerate((token("operator"), token("rep", "operator"), OPERATOR_KEY)):
        answer = await ask(provided, door, credential, f"key-{key}")
        assert answer.status_code in (200, 202), answer.text


@EACH_DOOR
async def test_people_without_the_role_are_told_which_one_it_is(
    provided: Ingest, door: str
) -> None:
    for credential in (token(), token("rep", "manager", "analyst", team="sales")):
        answer = await ask(provided, door, credential)
        assert refused(answer) == (403, "role-needed")
        assert answer.json()["title"] == "This needs the role operator"
    assert await provided.untouched()


@EACH_DOOR
@pytest.mark.parametrize(
    "credential",
    [
        "nobody's key",
        token("operator", exp=1),
        token("operator", aud="another"),
        token("operator", sub="a\x00b"),
        ec_signer().token(role="operator"),
    ],
    ids=["unknown", "ended", "not for us", "no name", "another key"],
)
async def test_whatever_is_wrong_the_answer_is_the_same(
    provided: Ingest, door: str, credential: str
) -> None:
    answer, nobody = [await ask(provided, door, one) for one in (credential, "")]
    assert (answer.status_code, answer.content) == (401, nobody.content)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_what_people_decide_is_theirs_by_token_and_no_source_s(provided: Ingest) -> None:
    body = orjson.dumps(REASSIGNED)
    assert (await provided.events(body, by=SOURCE_KEY)).status_code == 403
    assert (await provided.events(body, by=token("operator"))).status_code == 202
    assert [type(fact.data) for fact in await provided.facts()] == [LeadReassigned]


async def test_a_token_and_a_key_of_one_name_are_one_caller(provided: Ingest) -> None:
    """So a repetition by the other is known as one."""
    first = await provided.moves(orjson.dumps(MOVE), by=OPERATOR_KEY)
    again = await provided.moves(orjson.dumps(MOVE), by=token("operator", sub="operator"))
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content


async def test_leads_come_from_sources_alone(provided: Ingest) -> None:
    headers = {"authorization": f"Bearer {token('operator')}"}
    assert (await provided.leads(b"{}", **headers)).status_code == 401


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("operator", 200), ("rep", 403)])
async def test_managers_read_the_playbook_in_force(
    provided: Ingest, role: str, status: int
) -> None:
    headers = {"authorization": f"Bearer {token(role)}"}
    assert (await provided.client.get("/v1/playbook", headers=headers)).status_code == status


@EACH_DOOR
async def test_without_a_provider_no_token_is_believed(ingest: Ingest, door: str) -> None:
    assert (await ask(ingest, door, token("operator"))).status_code == 401
