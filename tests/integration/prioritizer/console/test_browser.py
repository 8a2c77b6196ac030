"""A rep's day in a real browser: by keyboard, on a phone, with a connection that fails.

Where SCREENSHOTS names a folder, the pages are kept there as pictures.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, Route, async_playwright, expect

from deploy.local import browser
from engagement.playbook import Playbook
from services.prioritizer.changes import Changes
from services.runtime.door import Door
from services.runtime.outage import outlive
from tests.integration.prioritizer.console.desk import KEY, app
from tests.integration.prioritizer.queue import Queue

WCAG_AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    found = browser.find(os.environ)
    if found is None:
        pytest.skip("no Chromium here: the console was not driven; `make browser` installs one")
    return found


@pytest_asyncio.fixture
async def page(chromium: str, queue: Queue, database: str) -> AsyncIterator[Page]:
    """Ana's browser, signed in by keyboard."""
    changes = Changes(database)
    listening = asyncio.create_task(outlive("prioritizer", "changes", changes.run))
    door = Door(app(queue, changes=changes), "127.0.0.1", 0)
    await door.start()
    async with async_playwright() as playwright:
        driven = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await driven.new_page(base_url=f"http://127.0.0.1:{door.port}")
        await page.goto("/")
        await page.keyboard.type(KEY)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Next lead")).to_be_visible()
        yield page
        await driven.close()
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    await door.drain()


async def accessible(page: Page, name: str) -> None:
    """No page breaks a rule of WCAG A or AA that a machine can check; its picture is kept."""
    found = await Axe().run(page, options=WCAG_AA)
    assert found.violations_count == 0, found.generate_report()
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"console-{name}.png")


async def test_a_reps_day_by_keyboard(queue: Queue, page: Page, seed: Playbook) -> None:
    await queue.teach(seed)
    await queue.lead(result_codes=("NOANSWER", "QUALIFIED"))
    await queue.lead(attempts=1, step=3)
    await accessible(page, "empty")
    await page.keyboard.press("n")
    await expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    await expect(page.get_by_role("link", name="ada@example.com")).to_have_attribute(
        "href", "mailto:ada@example.com"
    )
    await page.get_by_text("Why this lead").click()
    await expect(page.get_by_text("nobody has touched this lead")).to_be_visible()
    await accessible(page, "next")
    await page.get_by_label("Note").fill("Asked for a quote")
    await page.keyboard.press("Tab")
    await page.get_by_role("heading", name="Ada").click()
    await page.keyboard.press("2")
    await expect(page.get_by_role("button", name="Next lead")).to_be_focused()
    touch = next(one for one in await queue.told() if one.data.type == "touch-logged")
    assert touch.data.result_code == "QUALIFIED"
    await page.get_by_role("link", name="Lists").click()
    await expect(page.get_by_role("row")).to_have_count(2)
    await accessible(page, "lists")
    await page.get_by_role("link", name="Board").click()
    await expect(page.get_by_role("rowheader", name="due")).to_be_visible()
    await accessible(page, "board")


async def test_a_lost_connection_loses_and_doubles_nothing(queue: Queue, page: Page) -> None:
    await queue.lead()
    await page.keyboard.press("n")
    await expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    lost = 0

    async def answer_is_lost(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch(max_redirects=0)
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route("**/done", answer_is_lost)
    await page.get_by_role("button", name="interested").click()
    await expect(page.get_by_text("No connection. Nothing is lost")).to_be_visible()
    await expect(page.get_by_role("button", name="Next lead")).to_be_visible()
    types = [event.data.type for event in await queue.told()]
    assert types == ["lead-claimed", "touch-logged", "claim-disposed"]
    assert lost == 2


async def test_the_pages_fit_a_phone(queue: Queue, page: Page) -> None:
    await queue.lead(activity="Call; leave a voicemail if nobody answers, and write down why")
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.keyboard.press("n")
    await expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    for path in ("/", "/lists", "/board"):
        await page.goto(path)
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, path
    await page.goto("/")
    await accessible(page, "phone")


async def test_the_board_follows_the_queue_and_survives_a_lost_connection(
    queue: Queue, page: Page
) -> None:
    await page.goto("/board")
    await expect(page.get_by_text("No lead is ready.")).to_be_visible()
    await queue.lead()
    await expect(page.get_by_role("rowheader", name="new")).to_be_visible()
    await queue.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'touchline-prioritizer-changes'"
        " and datname = current_database()"
    )
    await expect(page.get_by_text("No connection")).to_be_visible()
    await queue.given()
    await expect(page.get_by_role("link", name="a lead")).to_be_visible(timeout=30_000)
    await expect(page.get_by_text("No connection")).not_to_be_visible()
