"""Ingest's doors on a database of the test's own, before and after the first playbook."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.ingest.harness import Ingest, opened


@pytest.fixture
async def fresh(database: str) -> AsyncIterator[Ingest]:
    """Ingest before the first playbook."""
    async with opened(database) as ingest:
        yield ingest


@pytest.fixture
async def ingest(fresh: Ingest) -> Ingest:
    """Ingest with a playbook in force."""
    answer = await fresh.publish()
    assert answer.status_code == 200, answer.text
    return fresh
