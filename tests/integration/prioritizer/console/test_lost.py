"""What a rep wrote and holds, when the connection, the lease, the session or the rep goes."""

from datetime import datetime

from playwright.async_api import Page, Route, expect

from tests.integration.prioritizer.console.desk import KEY, listening, press
from tests.integration.prioritizer.queue import BEN, Queue

NOTE = "Wants 40 seats"


async def in_hand(queue: Queue, page: Page) -> None:
    """Ana holds Ada, and has written a note."""
    await queue.lead()
    await press(page, "n")
    await expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    await listening(page)
    await page.get_by_label("Note").fill(NOTE)


async def leased_until(queue: Queue) -> datetime:
    until: datetime = (await queue.rows("select leased_until from prioritizer.claims"))[0][
        "leased_until"
    ]
    return until


async def drafts(page: Page) -> int:
    return int(await page.evaluate("sessionStorage.length"))


async def test_a_lost_connection_loses_and_doubles_nothing(queue: Queue, page: Page) -> None:
    await in_hand(queue, page)
    lost = 0

    async def answer_is_lost(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch(max_redirects=0)
            await route.abort("connectionreset")
        elif lost == 2:
            await route.fulfill(status=503)
        else:
            await route.continue_()

    await page.route("**/done", answer_is_lost)
    await page.get_by_role("button", name="interested").click()
    await expect(page.get_by_text("No connection. Nothing is lost")).to_be_visible()
    await page.clock.fast_forward(1_000)
    await expect(page.get_by_text("The service is away. Nothing is lost")).to_be_visible()
    await page.clock.fast_forward(2_000)
    await expect(page.get_by_role("button", name="Next lead")).to_be_visible()
    types = [event.data.type for event in await queue.told()]
    assert types == ["lead-claimed", "touch-logged", "claim-disposed"]
    assert (lost, await drafts(page)) == (3, 0)


async def test_a_lost_lease_is_told_at_once_and_the_note_survives(
    queue: Queue, page: Page
) -> None:
    await in_hand(queue, page)
    await queue.execute("update prioritizer.claims set leased_until = now()")
    bens = (await queue.given(BEN)).claim
    await page.clock.fast_forward(101_000)
    await expect(page.get_by_role("alert").get_by_text("The lease ran out")).to_be_visible()
    await page.get_by_role("button", name="interested").click()
    await expect(page.get_by_role("alert").get_by_text("The lease ran out")).to_be_visible()
    await expect(page.get_by_label("what you wrote about Ada")).to_have_value(f"Note: {NOTE}")
    await queue.holding.release("ben", bens.claim_id, bens.fence, "no time")
    await press(page, "n")
    await expect(page.get_by_label("Note", exact=False).first).to_have_value(NOTE)
    await page.get_by_role("button", name="interested").click()
    await expect(page.get_by_text("You hold no lead")).to_be_visible()
    assert await drafts(page) == 0


async def test_a_touch_that_is_not_wanted_any_more_is_told_at_once(
    queue: Queue, page: Page
) -> None:
    lead = await queue.lead()
    await press(page, "n")
    await expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    await listening(page)
    await queue.fold(lead.ended())
    await page.clock.fast_forward(101_000)
    told = page.get_by_role("alert").get_by_text("The touch is not wanted any more")
    await expect(told).to_be_visible()
    await page.reload()
    await expect(told).to_be_visible()


async def test_a_page_keeps_the_lease_while_its_rep_is_there_and_no_longer(
    queue: Queue, page: Page
) -> None:
    await in_hand(queue, page)
    begun = await leased_until(queue)
    async with page.expect_response("**/stay"):
        await page.clock.fast_forward(101_000)
    renewed = await leased_until(queue)
    assert renewed > begun
    await page.clock.fast_forward(31 * 60_000)
    await expect(page.get_by_role("alert").get_by_text("Press any key to keep")).to_be_visible()
    assert await leased_until(queue) == renewed
    async with page.expect_response("**/stay"):
        await page.keyboard.press("Escape")
    await expect(page.get_by_role("alert")).to_be_empty()
    assert await leased_until(queue) > renewed


async def test_a_session_that_ended_leads_to_the_door_and_the_note_is_there_after_it(
    queue: Queue, page: Page
) -> None:
    await in_hand(queue, page)
    await page.context.clear_cookies()
    await page.clock.fast_forward(101_000)
    await expect(page.get_by_role("alert").get_by_text("Sign in again")).to_be_visible()
    await page.get_by_role("button", name="interested").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.get_by_label("Your key").fill(KEY)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Note")).to_have_value(NOTE)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert await drafts(page) == 0


async def test_a_board_that_cannot_be_read_anew_stays_as_it_was(queue: Queue, page: Page) -> None:
    await queue.lead()
    await page.goto("/board")
    await listening(page)
    await page.route("**/board", lambda route: route.fulfill(status=503, body="{}"))
    await page.clock.fast_forward(61_000)
    await page.clock.fast_forward(1_000)
    await expect(page.get_by_text("The service is away: this is how it stood")).to_be_visible()
    await expect(page.get_by_role("rowheader", name="new")).to_be_visible()
    await page.unroute("**/board")
    await page.context.clear_cookies()
    await page.clock.fast_forward(61_000)
    await page.clock.fast_forward(1_000)
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
