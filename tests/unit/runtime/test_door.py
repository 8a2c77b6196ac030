"""The real HTTP server on a real socket: what a client that does not play by the rules gets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import APIRouter, Request

from services.runtime.doors.door import Door
from services.runtime.doors.http import application
from services.runtime.process.exits import Exit, Stopped

LIMIT = 1024


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    routes = APIRouter()

    @routes.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    door = Door(application("ingest", [routes], LIMIT), "127.0.0.1", 0)
    await door.start()
    yield door
    await door.drain()


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


async def test_the_server_does_not_tell_what_it_is(door: Door) -> None:
    answer = await conversation(door, b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")

    assert b"uvicorn" not in answer.lower()


async def test_an_address_is_taken_when_a_door_is_made(door: Door) -> None:
    with pytest.raises(Stopped, match="TOUCHLINE_HTTP_PORT") as caught:
        Door(application("ingest", [], LIMIT), "127.0.0.1", door.port)

    assert caught.value.code is Exit.CONFIG
