"""Pages that follow the queue: the keyboard's place stays, and people can switch it off."""

from urllib.parse import urlsplit

from playwright.async_api import Page, expect

from tests.integration.prioritizer.console.desk import listening
from tests.integration.prioritizer.queue import ANA, BEN, Queue


async def test_the_focus_stays_where_it_was_when_the_board_changes(
    queue: Queue, page: Page
) -> None:
    await queue.lead()
    held = await queue.given(BEN)
    await page.goto("/board")
    await listening(page)
    link = page.get_by_role("link", name="Ada")
    await link.focus()
    await queue.lead(attempts=1)
    await expect(page.get_by_role("rowheader", name="due")).to_be_visible()
    await expect(link).to_be_focused()
    await queue.dispose(held)
    await expect(page.get_by_text("Nobody holds a lead.")).to_be_visible()
    await expect(page.locator("#live")).to_be_focused()


async def test_live_updates_are_switched_off_and_on(queue: Queue, page: Page) -> None:
    await page.goto("/board")
    switch = page.get_by_role("button", name="Live updates", pressed=True)
    await switch.click()
    await expect(page.get_by_role("button", name="Live updates", pressed=False)).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    await queue.lead()
    await page.clock.fast_forward(61_000)
    await page.clock.fast_forward(1_000)
    await page.evaluate("fetch('/console/console.css')")
    assert [path for path in asked if path != "/changes"] == ["/console/console.css"]
    await page.get_by_role("button", name="Live updates").click()
    await expect(page.get_by_role("rowheader", name="new")).to_be_visible()


async def test_a_leads_page_tells_what_happens_and_leaves_with_the_lead(
    queue: Queue, page: Page
) -> None:
    lead = await queue.lead()
    await page.goto(f"/leads/{lead.id}")
    await listening(page)
    await expect(page.get_by_text("ana was given the lead")).not_to_be_visible()
    await queue.given(ANA)
    await expect(page.get_by_text("ana was given the lead")).to_be_visible()
    await queue.fold(lead.moved("enterprise"))
    await page.clock.fast_forward(61_000)
    await page.clock.fast_forward(1_000)
    await expect(page.get_by_text("Your team has no such lead.")).to_be_visible()
