"""Ana at the console: over HTTP alone, and in a real browser."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from deploy.local import browser
from services.prioritizer.changes import Changes
from services.runtime.doors.door import Door
from services.runtime.process.outage import outlive
from tests.integration.prioritizer.console.desk import KEY, app, browser_of
from tests.integration.prioritizer.queue import Queue

expect.set_options(timeout=30_000)  # beside other tests a page may take seconds


@pytest_asyncio.fixture
async def ana(queue: Queue) -> AsyncIterator[httpx.AsyncClient]:
    """Ana's client, signed in."""
    async with browser_of(app(queue)) as client:
        await client.post("/login", data={"key": KEY})
        yield client


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    found = browser.find(os.environ)
    if found is None:
        pytest.skip("no Chromium here: the console was not driven; `make browser` installs one")
    return found


@pytest_asyncio.fixture
async def visitor(chromium: str, queue: Queue, database: str) -> AsyncIterator[Page]:
    """A browser before the console's door, with a clock that a test may set."""
    changes = Changes(database)
    listening = asyncio.create_task(outlive("prioritizer", "changes", changes.run))
    door = Door(app(queue, changes=changes), "127.0.0.1", 0)
    await door.start()
    async with async_playwright() as playwright:
        driven = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await driven.new_page(base_url=f"http://127.0.0.1:{door.port}")
        await page.clock.install()
        await page.goto("/")
        yield page
        await driven.close()
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    await door.drain()


@pytest_asyncio.fixture
async def page(visitor: Page) -> Page:
    """Ana's browser, signed in by keyboard."""
    await visitor.keyboard.type(KEY)
    await visitor.keyboard.press("Enter")
    await expect(visitor.get_by_role("heading", name="Next lead")).to_be_visible()
    return visitor
