"""The door's ring, through the whole ASGI stack: limits, problems, headers, metrics."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import ASGIApp

from services.runtime.doors.problem import MEDIA_TYPE
from services.runtime.process.metrics import REGISTRY
from tests.unit.runtime.ring import LIMIT, chunks, problem


async def test_a_body_within_the_limit_is_read(client: httpx.AsyncClient) -> None:
    assert (await client.post("/raw", content=b"x" * LIMIT)).json() == {"bytes": LIMIT}
    assert (await client.post("/raw", content=chunks(LIMIT // 4, 4))).json() == {"bytes": LIMIT}
    assert (await client.post("/raw")).json() == {"bytes": 0}


@pytest.mark.parametrize("path", ["/raw", "/notes/1"])
async def test_a_body_beyond_the_limit_is_refused_however_it_comes(
    client: httpx.AsyncClient, path: str
) -> None:
    announced = await client.post(path, content=b"x" * (LIMIT + 1))
    chunked = await client.post(path, content=chunks(LIMIT // 2, 3))

    for response in (announced, chunked):
        assert str(LIMIT) in problem(response, 413, "body-too-large")["detail"]
        assert response.headers["connection"] == "close"


async def test_a_body_is_not_read_further_than_its_limit(app: ASGIApp) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * LIMIT

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        problem(await client.post("/raw", content=endless()), 413, "body-too-large")

    assert taken <= 3


async def test_a_route_may_take_more_than_the_others(client: httpx.AsyncClient) -> None:
    assert (await client.post("/batches", content=b"x" * 4 * LIMIT)).json() == {"bytes": 4 * LIMIT}
    problem(await client.post("/batches", content=b"x" * 5 * LIMIT), 413, "body-too-large")
    problem(await client.post("/batches", content=chunks(LIMIT, 5)), 413, "body-too-large")


async def test_what_is_not_there_is_a_problem(client: httpx.AsyncClient) -> None:
    problem(await client.get("/nothing/here"), 404, "not-found")
    problem(await client.get("/raw/"), 404, "not-found")
    refused = await client.get("/raw")
    problem(refused, 405, "method-not-allowed")
    assert refused.headers["allow"] == "POST"
    assert (await client.put("/notes/1")).headers["allow"] == "GET, POST"


async def test_a_broken_rule_is_named_with_its_field_and_never_its_value(
    client: httpx.AsyncClient,
) -> None:
    response = await client.post("/notes/1", json={"text": "anna@example.com " * 3, "stars": 9})

    errors = problem(response, 422, "invalid-request")["errors"]
    assert [error["field"] for error in errors] == ["body.text", "body.stars"]
    assert errors[1]["rule"] == "less_than_equal"
    assert "5" in errors[1]["fix"]
    assert "anna" not in response.text


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b'{"text": "a", "stars": 1}'),
        ("application/json", b"[]"),
        ("application/json", b""),
    ],
)
async def test_who_sends_no_json_object_is_told_to(
    client: httpx.AsyncClient, content_type: str, body: bytes
) -> None:
    headers = {"content-type": content_type}
    response = await client.post("/notes/1", content=body, headers=headers)

    (error,) = problem(response, 422, "invalid-request")["errors"]
    assert error["field"] == "body"
    assert error["fix"] == "Send a JSON object, with Content-Type: application/json"


@pytest.mark.parametrize("body", [b"", b"{", b'{"text": "\xff"}', b"[" * 500])
async def test_a_body_that_is_no_json_is_a_problem(client: httpx.AsyncClient, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = await client.post("/notes/1", content=body, headers=headers)

    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == MEDIA_TYPE


async def test_a_problem_keeps_its_headers(client: httpx.AsyncClient) -> None:
    response = await client.get("/conflict")

    problem(response, 409, "stale-fence")
    assert response.headers["x-fence"] == "3"


async def test_a_fault_tells_the_caller_nothing(client: httpx.AsyncClient) -> None:
    response = await client.get("/broken")

    problem(response, 500, "internal-error")
    assert "anna" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize("kind", ["pool", "server", "limit"])
async def test_a_database_that_is_away_asks_for_patience(
    client: httpx.AsyncClient, kind: str
) -> None:
    response = await client.get(f"/away/{kind}")

    problem(response, 503, "database-away")
    assert int(response.headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["/mine", "/conflict", "/broken", "/nothing"])
async def test_every_answer_carries_the_security_headers(
    client: httpx.AsyncClient, path: str
) -> None:
    headers = (await client.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("header", [None, b"Bearer wrong", b"Basic a2V5", b"Bearer", b"\xff\xfe"])
async def test_a_caller_without_a_known_key_is_refused(
    client: httpx.AsyncClient, header: bytes | None
) -> None:
    headers = {b"authorization": header} if header is not None else {}
    response = await client.get("/mine", headers=headers)

    problem(response, 401, "unauthorized")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_caller_with_a_key_is_known_by_name(client: httpx.AsyncClient) -> None:
    response = await client.get("/mine", headers={"authorization": "Bearer key"})

    assert response.json() == "crm"


async def test_requests_are_counted_by_template_so_that_no_id_becomes_a_label(
    client: httpx.AsyncClient,
) -> None:
    labels = {"route": "POST /notes/{note_id}", "status": "200"}
    before = REGISTRY.get_sample_value("touchline_http_requests_total", labels) or 0

    for number in range(3):
        await client.post(f"/notes/{number}", json={"text": "", "stars": 1})
    await client.request("BREW", "/" + "random")

    assert REGISTRY.get_sample_value("touchline_http_requests_total", labels) == before + 3
    routes = {
        sample.labels["route"]
        for family in REGISTRY.collect()
        for sample in family.samples
        if sample.name == "touchline_http_requests_total"
    }
    assert "OTHER unmatched" in routes
    assert not any("random" in route or "/0" in route for route in routes)


async def test_the_api_describes_itself(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    assert document["openapi"].startswith("3.1")
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["paths"]["/mine"]["get"]["security"] == [{"bearer": []}]
    answers = document["paths"]["/notes/{note_id}"]["post"]["responses"]
    refusals = [status for status in answers if status >= "400"]
    assert {"404", "422", "500", "503"} <= set(refusals)
    assert all(MEDIA_TYPE in answers[status]["content"] for status in refusals)
