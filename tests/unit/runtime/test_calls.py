"""How often a credential may call: what goes beyond is refused, and nobody else is slowed down."""

import httpx
from fastapi import APIRouter, Request, Response
from hypothesis import given
from hypothesis import strategies as some

from services.runtime.doors.calls import MOST_KNOWN, Ration
from services.runtime.doors.http import application
from services.runtime.doors.raw_route import raw_routes


@given(some.integers(1, 50), some.lists(some.floats(0, 0.5), max_size=200))
def test_in_no_time_more_passes_than_a_full_bucket_and_what_flows_in(
    a_second: int, pauses: list[float]
) -> None:
    ration, now, passed = Ration(a_second), 0.0, 0
    for pause in pauses:
        now += pause
        passed += ration.wait(1, now) == 0
    assert passed <= a_second + a_second * now + 1e-6


def test_after_the_wait_there_is_a_token() -> None:
    ration = Ration(2)
    assert [ration.wait(1, 0) for _ in range(3)] == [0, 0, 0.5]
    assert ration.wait(1, 0.5) == 0


def test_each_has_a_bucket_of_its_own_and_few_are_kept() -> None:
    ration = Ration(1)
    assert [ration.wait(one, 0) for one in (1, 2, 1, 2)] == [0, 0, 1, 1]
    for one in range(MOST_KNOWN):
        ration.wait(one + 3, 0)
    assert ration.wait(1, 0) == 0


async def test_the_door_refuses_what_goes_beyond_on_every_route_together() -> None:
    plain, raw = APIRouter(), raw_routes()

    @plain.get("/plain")
    async def hello() -> str:
        return "hello"

    @raw.post("/raw")
    async def take(request: Request) -> Response:
        raise AssertionError(request)

    app = application("test", [plain, raw], 1_000, calls_a_second=1)
    mine, other = {"authorization": "Bearer mine"}, {"authorization": "Bearer other"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://door"
    ) as client:
        assert (await client.get("/plain", headers=mine)).status_code == 200
        refused = await client.post("/raw", headers=mine)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert refused.json()["type"] == "urn:touchline:problem:too-many-calls"
        assert (await client.get("/plain", headers=other)).status_code == 200
        for _ in range(3):
            assert (await client.get("/plain")).status_code == 200
