"""Who is let into the queue, by key and by token, and what each is refused."""

from collections.abc import AsyncIterator
from hashlib import sha256

import httpx
import pytest
import pytest_asyncio

from services.prioritizer import api
from services.prioritizer.callers import callers_of
from services.prioritizer.settings import RepSettings, StaffSettings
from services.runtime.access.oidc import Oidc
from services.runtime.doors.http import application
from tests.integration.prioritizer.decisions import TEAM
from tests.integration.prioritizer.queue import Queue
from tests.provider import AUDIENCE, ISSUER, ec_signer, key_set, rsa_signer

OIDC = Oidc(
    issuer=ISSUER, audience=AUDIENCE, jwks=key_set(rsa_signer()), role_claim="https://roles"
)


def digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def token(*roles: str, sub: str = "ana", team: str | None = TEAM) -> str:
    return rsa_signer().token(**{"sub": sub, "team": team, "https://roles": list(roles)})


@pytest_asyncio.fixture
async def client(queue: Queue) -> AsyncIterator[httpx.AsyncClient]:
    """The queue, for whoever has a key or a token."""
    callers = callers_of(
        {"ana": RepSettings(key_sha256=digest("ana's key"), team=TEAM)},
        {
            "mia": StaffSettings(key_sha256=digest("mia's key"), role="manager", team=TEAM),
            "max#2": StaffSettings(key_sha256=digest("max's key"), role="analyst"),
        },
        OIDC,
    )
    router = api.router(queue.desk, callers)
    app = application("prioritizer", [router], 10_000)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://queue"
    ) as client:
        yield client


def bearing(credential: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credential}"}


@pytest.mark.parametrize(
    ("credential", "me"),
    [
        ("ana's key", {"subject": "ana", "roles": ["rep"], "team": TEAM}),
        ("mia's key", {"subject": "mia", "roles": ["manager"], "team": TEAM}),
        ("max's key", {"subject": "max", "roles": ["analyst"], "team": None}),
        (token("rep"), {"subject": "ana", "roles": ["rep"], "team": TEAM}),
        (token("of-another-system", "operator"), {"roles": ["operator"], "team": TEAM}),
        (token(team=None), {"roles": [], "team": None}),
    ],
)
async def test_the_caller_is_told_who_it_is(
    client: httpx.AsyncClient, credential: str, me: dict[str, object]
) -> None:
    answer = await client.get("/v1/me", headers=bearing(credential))
    assert answer.json() == answer.json() | me


async def test_a_token_gives_a_rep_the_leads_of_its_own_team_alone(
    queue: Queue, client: httpx.AsyncClient
) -> None:
    await queue.lead(team="another")
    ours = bearing(token("rep"))
    assert (await client.post("/v1/queue/next", headers=ours)).status_code == 204
    theirs = bearing(token("rep", sub="zoe", team="another"))
    claim = (await client.post("/v1/queue/next", headers=theirs)).json()["claim"]
    path, body = f"/v1/claims/{claim['id']}/renew", {"fence": claim["fence"]}
    assert (await client.post(path, headers=ours, json=body)).status_code == 404
    assert (await client.post(path, headers=theirs, json=body)).status_code == 200


async def test_key_and_token_of_a_rep_are_one_rep(queue: Queue, client: httpx.AsyncClient) -> None:
    lead = await queue.lead()
    for credential in ("ana's key", token("rep")):
        answer = await client.post("/v1/queue/next", headers=bearing(credential))
        assert answer.json()["lead"]["id"] == str(lead.id)


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:touchline:problem:")


@pytest.mark.parametrize("credential", ["mia's key", "max's key", token("manager"), token()])
async def test_a_lead_is_given_to_reps_alone(client: httpx.AsyncClient, credential: str) -> None:
    answer = await client.post("/v1/queue/next", headers=bearing(credential))
    assert refused(answer) == (403, "role-needed")
    assert "role rep" in answer.json()["title"]


async def test_a_rep_without_a_team_is_told_what_is_missing(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/queue/next", headers=bearing(token("rep", team=None)))
    assert refused(answer) == (403, "team-needed")


@pytest.mark.parametrize(
    "credential",
    [
        "nobody's key",
        rsa_signer().token(exp=1),
        rsa_signer().token(aud="another"),
        ec_signer().token(),
        token("rep", sub="a\x00b"),
        token("rep", sub=""),
    ],
    ids=["unknown", "ended", "not for us", "another key", "no name", "empty"],
)
async def test_whatever_is_wrong_the_answer_is_the_same(
    client: httpx.AsyncClient, credential: str
) -> None:
    answer = await client.post("/v1/queue/next", headers=bearing(credential))
    nobody = await client.post("/v1/queue/next")
    assert (answer.status_code, answer.content) == (401, nobody.content)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
