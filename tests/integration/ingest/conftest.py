"""Ingest's doors on a database of the test's own, before and after the first playbook."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.ingest import service as ingest_service
from services.runtime.http import application
from tests.integration.ingest.harness import Ingest, migrate, settings


@pytest.fixture
async def fresh(database: str) -> AsyncIterator[Ingest]:
    """Ingest before the first playbook."""
    await migrate(database)
    service = ingest_service.build(settings(database))
    app = application(service.name, service.routers, service.settings.max_body_bytes)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        service.pool,
        httpx.AsyncClient(transport=transport, base_url="http://ingest") as client,
    ):
        yield Ingest(database, service, client)


@pytest.fixture
async def ingest(fresh: Ingest) -> Ingest:
    """Ingest with a playbook in force."""
    answer = await fresh.publish()
    assert answer.status_code == 200, answer.text
    return fresh
