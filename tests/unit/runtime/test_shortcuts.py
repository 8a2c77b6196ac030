"""Routes past the framework keep the ring: the same limits, problems, headers and metrics."""

import httpx
import pytest

from services.runtime.process.metrics import REGISTRY
from tests.unit.runtime.ring import LIMIT, chunks, problem


async def test_a_shortcut_has_the_same_limits(client: httpx.AsyncClient) -> None:
    assert (await client.post("/short/raw", content=b"x" * LIMIT)).json() == {"bytes": LIMIT}
    answers = [
        await client.post("/short/raw", content=b"x" * (LIMIT + 1)),
        await client.post("/short/raw", content=chunks(LIMIT // 2, 3)),
        await client.post("/short/batches", content=chunks(LIMIT, 5)),
    ]

    for answer in answers:
        problem(answer, 413, "body-too-large")
    more = await client.post("/short/batches", content=b"x" * 4 * LIMIT)
    assert more.json() == {"bytes": 4 * LIMIT}


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/short/conflict", 409, "stale-fence"),
        ("/short/broken", 500, "internal-error"),
        ("/short/away", 503, "database-away"),
    ],
)
async def test_a_shortcut_has_the_same_problems_headers_and_metrics(
    client: httpx.AsyncClient, path: str, status: int, slug: str
) -> None:
    labels = {"route": f"POST {path}", "status": str(status)}
    before = REGISTRY.get_sample_value("touchline_http_requests_total", labels) or 0

    answer = await client.post(path)

    problem(answer, status, slug)
    assert "anna" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert REGISTRY.get_sample_value("touchline_http_requests_total", labels) == before + 1


async def test_beside_a_shortcut_all_is_as_ever(client: httpx.AsyncClient) -> None:
    refused = await client.get("/short/raw")
    problem(refused, 405, "method-not-allowed")
    assert refused.headers["allow"] == "POST"
    problem(await client.post("/short/raw/"), 404, "not-found")
    assert "/short/raw" in (await client.get("/openapi.json")).json()["paths"]
