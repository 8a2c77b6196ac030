"""Every page meets WCAG A and AA, as far as a machine can check, and fits a phone.

Where SCREENSHOTS names a folder, the pages are kept there as pictures: `make pictures`.
"""

import os
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from engagement.playbook import Playbook
from services.prioritizer.console.pages import HERE
from tests.integration.prioritizer.console.desk import KEY, caller, press, taught
from tests.integration.prioritizer.queue import BEN, Queue
from tests.unit.docs.pictures import SHOWN_BY, shown

WCAG_AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PARTS = {"frame.html", "timeline.html", "why.html", "signed-in.html"}
"""Templates that are no page of their own, or none that stays."""

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 720}


async def accessible(page: Page, name: str) -> None:
    """No rule is broken; on a phone nothing is cut off either. Its picture is kept."""
    found = await Axe().run(page, options=WCAG_AA)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    await _pictured(page, name)
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360, name
    if name == "next":
        await _pictured(page, "phone")
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]


async def _pictured(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"console-{name}.png", full_page=True)


async def test_every_page_is_accessible_and_fits_a_phone(
    queue: Queue, visitor: Page, seed: Playbook
) -> None:
    page = visitor
    await taught(queue, seed)
    await page.get_by_label("Your key").fill("no key of mine")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("has this key")).to_be_visible()
    await accessible(page, "login")
    await page.get_by_label("Your key").fill(KEY)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Next lead")).to_be_visible()
    await accessible(page, "empty")

    activity = "Call; leave a voicemail if nobody answers, and write down why"
    lead = await caller(queue, activity=activity)
    await queue.lead(attempts=1, step=3)
    await queue.lead(for_rep="cleo", attempts=2, step=4)
    await press(page, "n")
    await expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    await press(page, "b")
    await page.keyboard.press("Escape")
    await press(page, "w")
    await accessible(page, "next")

    await queue.given(BEN)
    await queue.lead(attempts=1, step=2)
    for path, name in (
        ("/lists", "lists"),
        ("/board", "board"),
        (f"/leads/{lead.id}", "lead"),
        ("/leads/none", "problem"),
    ):
        await page.goto(path)
        await accessible(page, name)
    if folder := os.environ.get("SCREENSHOTS"):
        (Path(folder) / SHOWN_BY).write_text(shown())


def test_no_template_is_left_out() -> None:
    pages = {"login", "next", "lists", "board", "lead", "problem"}
    assert {file.name for file in HERE.glob("templates/*")} - PARTS == {f"{p}.html" for p in pages}
