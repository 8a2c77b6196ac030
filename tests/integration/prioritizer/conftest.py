"""A queue of each test's own."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.integration.prioritizer.queue import Queue, opened


@pytest_asyncio.fixture
async def queue(database: str) -> AsyncIterator[Queue]:
    """An empty queue."""
    async with opened(database) as queue:
        yield queue
