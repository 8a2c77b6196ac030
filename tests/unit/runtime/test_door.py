"""The real HTTP server on a real socket: what a client that does not play by the rules gets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from resource import RLIM_INFINITY

import pytest
from fastapi import APIRouter, Request
from structlog.testing import capture_logs

from services.runtime.doors import heads
from services.runtime.doors.door import Door
from services.runtime.doors.http import application, read_limited
from services.runtime.process.exits import Exit, Stopped
from services.runtime.process.metrics import REGISTRY

LIMIT = 1024
APART = 0.05
"""Between two writes, so that they are read apart: a test that misses it passes for nothing."""
REQUEST = b"GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    routes = APIRouter()

    @routes.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @routes.post("/read-by-fastapi")
    async def read(told: dict[str, int]) -> int:
        return len(told)

    @routes.get("/slow")
    async def slow() -> bool:
        await asyncio.sleep(0.2)
        return True

    @routes.post("/large")
    async def large(request: Request) -> int:
        return len(await read_limited(request, 2 * heads.HEAD_BYTES))

    door = Door(application("ingest", [routes], LIMIT), "127.0.0.1", 0)
    await door.start()
    yield door
    await door.drain()


@asynccontextmanager
async def connected(
    door: Door,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection whose client speaks for itself, for seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    try:
        async with asyncio.timeout(20):
            yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()


async def conversation(door: Door, *sent: bytes) -> bytes:
    """Everything that comes back until the server closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    for piece in sent:
        writer.write(piece)
        await writer.drain()
    answer = await asyncio.wait_for(reader.read(), timeout=20)
    writer.close()
    await writer.wait_closed()
    return answer


async def test_an_endless_chunked_body_is_cut_off(door: Door) -> None:
    head = b"POST /raw HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    chunk = b"400\r\n" + b"x" * LIMIT + b"\r\n"

    answer = await conversation(door, head, chunk, chunk)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"application/problem+json" in answer


async def test_a_large_body_is_refused_before_it_is_sent(door: Door) -> None:
    answer = await conversation(
        door, b"POST /raw HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_what_is_no_http_ends_the_connection(door: Door) -> None:
    assert (await conversation(door, b"\x16\x03\x01 hello\r\n\r\n")).startswith(b"HTTP/1.1 400 ")


async def test_a_head_that_does_not_end_is_refused(door: Door) -> None:
    line = b"GET / HTTP/1.1\r\n"
    endless = line + b"x-long: " + b"x" * (heads.HEAD_BYTES - len(line))

    answer = await conversation(door, endless)

    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b'"type":"urn:touchline:problem:head-too-large"' in answer


async def test_a_head_after_an_answer_is_limited_as_well(door: Door) -> None:
    async with connected(door) as (reader, writer):
        writer.write(REQUEST)
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 404 ")
        writer.write(b"GET / HTTP/1.1\r\nx-long: " + b"x" * heads.HEAD_BYTES)

        assert (await reader.read()).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("begun", [b"GET / HTTP/1.1\r\nhost:", b"\r\n"])
async def test_a_head_that_takes_too_long_is_refused(
    door: Door, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.05)

    assert (await conversation(door, begun)).startswith(b"HTTP/1.1 408 ")


async def test_a_head_after_an_answer_has_its_time_too(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.05)
    async with connected(door) as (reader, writer):
        writer.write(REQUEST)
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 404 ")
        writer.write(b"GET / HTTP/1.1\r\nhost:")

        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")


async def test_who_says_nothing_is_left(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.05)

    assert await conversation(door) == b""


async def test_an_answer_that_takes_longer_than_a_head_may_comes(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.01)
    head = b"POST /raw HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1\r\n\r\n"
    async with connected(door) as (reader, writer):
        writer.write(head)
        await asyncio.sleep(APART)
        writer.write(b"x")

        assert (await reader.read()).startswith(b"HTTP/1.1 200 ")


async def test_what_comes_behind_a_request_has_time_until_its_answer(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.01)
    async with connected(door) as (reader, writer):
        writer.write(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
        await asyncio.sleep(APART)
        writer.write(b"\r\n")

        assert (await reader.readuntil(b"true")).startswith(b"HTTP/1.1 200 ")


async def test_a_body_that_nobody_reads_has_its_time(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.5)
    async with connected(door) as (reader, writer), asyncio.timeout(10):
        writer.write(b"POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 99999\r\n\r\n")
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 404 ")
        while not reader.at_eof():
            with suppress(ConnectionError):
                writer.write(b"x")
            await asyncio.sleep(APART)


async def test_a_body_that_comes_after_its_answer_leaves_the_connection_open(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.5)
    async with connected(door) as (reader, writer):
        writer.write(b"POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n")
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 404 ")
        writer.write(b"x")
        await asyncio.sleep(1)
        writer.write(REQUEST)

        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 404 ")


async def test_a_large_body_is_no_large_head(door: Door) -> None:
    large = b"x" * (heads.HEAD_BYTES + 1)
    head = b"POST /large HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(large)
    async with connected(door) as (reader, writer):
        for _ in range(2):
            writer.write(head + large[:-1])
            await asyncio.sleep(APART)
            writer.write(large[-1:])
            assert (await reader.readuntil(b"%d" % len(large))).startswith(b"HTTP/1.1 200 ")


async def test_whoever_is_one_too_many_is_told(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "MOST_CONNECTIONS", 1)
    async with connected(door) as (reader, writer):
        writer.write(REQUEST)
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 404 ")

        answer = await conversation(door, REQUEST)
        writer.write(REQUEST)
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 404 ")

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 1" in answer.lower()
    assert b"application/problem+json" in answer


@pytest.mark.parametrize(
    ("files", "callers"),
    [(RLIM_INFINITY, 10_000), (1_000_000, 10_000), (1_024, 824), (256, 128), (64, 32)],
)
def test_as_many_may_call_as_there_are_files_for(files: int, callers: int) -> None:
    assert heads.most_connections(files) == callers


@pytest.mark.parametrize("path", ["raw", "read-by-fastapi"])
async def test_a_client_that_hangs_up_is_no_fault_of_ours(door: Door, path: str) -> None:
    labels = {"route": f"POST /{path}", "status": "499"}
    before = REGISTRY.get_sample_value("touchline_http_requests_total", labels) or 0
    head = b"POST /%s HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n" % path.encode()
    with capture_logs() as logs:
        async with connected(door) as (_, writer):
            writer.write(head + b'{"a')
            await asyncio.sleep(APART)
        async with asyncio.timeout(20):
            while not logs:  # noqa: ASYNC110  the door's own task writes them
                await asyncio.sleep(0.01)

    assert [(one["event"], one["log_level"], one["status"]) for one in logs] == [
        ("refused", "info", 499)
    ]
    assert REGISTRY.get_sample_value("touchline_http_requests_total", labels) == before + 1


async def test_the_server_does_not_tell_what_it_is(door: Door) -> None:
    answer = await conversation(door, b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")

    assert b"uvicorn" not in answer.lower()


async def test_an_address_is_taken_when_a_door_is_made(door: Door) -> None:
    with pytest.raises(Stopped, match="TOUCHLINE_HTTP_PORT") as caught:
        Door(application("ingest", [], LIMIT), "127.0.0.1", door.port)

    assert caught.value.code is Exit.CONFIG
