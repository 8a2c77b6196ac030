"""A desk of each test's own."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.integration.cadence.desk import Desk, opened


@pytest_asyncio.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    """A desk that has heard nothing yet."""
    async with opened(database) as desk:
        yield desk
