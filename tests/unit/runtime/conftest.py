"""A client of an app with every kind of route."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import ASGIApp

from services.runtime.doors.http import application
from tests.unit.runtime.ring import LIMIT, router, shortcuts


@pytest.fixture
def app() -> ASGIApp:
    """The whole stack, around every kind of route."""
    return application("ingest", [router(), shortcuts()], LIMIT)


@pytest.fixture
async def client(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """It calls the app without a network."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        yield client
