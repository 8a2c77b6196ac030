"""An app with every kind of route, and what its callers look at."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import psycopg
from fastapi import APIRouter, Depends, Request, Response
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, Field

from services.runtime.access.auth import caller
from services.runtime.access.security import ApiKeys
from services.runtime.doors.http import read_limited
from services.runtime.doors.problem import MEDIA_TYPE, Problem
from services.runtime.doors.raw_route import raw_routes

LIMIT = 1024
SHA256_OF_KEY = "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"  # of "key"


class Note(BaseModel):
    """A body with rules."""

    text: str = Field(max_length=20)
    stars: int = Field(ge=1, le=5)


def router() -> APIRouter:
    routes = APIRouter()
    known = Annotated[str, Depends(caller(ApiKeys({"crm": SHA256_OF_KEY})))]

    @routes.post("/notes/{note_id}")
    async def note(note_id: int, note: Note) -> dict[str, int]:
        return {"id": note_id, "stars": note.stars}

    @routes.post("/batches")
    async def batch(request: Request) -> dict[str, int]:
        return {"bytes": len(await read_limited(request, 4 * LIMIT))}

    @routes.get("/notes/{note_id}")
    async def read(note_id: int) -> int:
        return note_id

    @routes.post("/raw")
    async def raw(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @routes.get("/mine")
    async def mine(name: known) -> str:
        return name

    @routes.get("/conflict")
    async def conflict() -> None:
        raise Problem(409, "stale-fence", "The claim is stale", "Ask anew.", {"X-Fence": "3"})

    @routes.get("/broken")
    async def broken() -> None:
        raise RuntimeError("the caller's own words: anna@example.com")

    @routes.get("/away/{kind}")
    async def away(kind: str) -> None:
        raises = {
            "pool": PoolTimeout,
            "server": psycopg.errors.AdminShutdown,
            "limit": psycopg.errors.TransactionTimeout,
        }
        raise raises[kind]("x")

    return routes


def shortcuts() -> APIRouter:
    """Routes that the framework's stack is not asked for."""
    routes = raw_routes()

    @routes.post("/short/raw")
    async def raw(request: Request) -> Response:
        return Response(b'{"bytes":%d}' % len(await request.body()))

    @routes.post("/short/batches")
    async def batch(request: Request) -> Response:
        return Response(b'{"bytes":%d}' % len(await read_limited(request, 4 * LIMIT)))

    @routes.post("/short/conflict")
    async def conflict(_: Request) -> Response:
        raise Problem(409, "stale-fence", "The claim is stale", "Ask anew.", {"X-Fence": "3"})

    @routes.post("/short/broken")
    async def broken(_: Request) -> Response:
        raise RuntimeError("the caller's own words: anna@example.com")

    @routes.post("/short/away")
    async def away(_: Request) -> Response:
        raise PoolTimeout("x")

    return routes


def problem(response: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == MEDIA_TYPE
    assert body["type"] == f"urn:touchline:problem:{slug}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


async def chunks(size: int, count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * size
