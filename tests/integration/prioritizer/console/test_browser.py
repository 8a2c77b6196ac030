"""A rep's day in a real browser: by keyboard, on a phone, and the board beside it."""

from playwright.async_api import Page, expect

from engagement.playbook import Playbook
from tests.integration.prioritizer.console.desk import KEY, caller, press, taught
from tests.integration.prioritizer.queue import Queue


async def test_a_reps_day_by_keyboard(queue: Queue, visitor: Page, seed: Playbook) -> None:
    page = visitor
    await taught(queue, seed)
    await caller(queue)
    await page.keyboard.type("no key of mine")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").get_by_text("has this key")).to_be_visible()
    await page.keyboard.type(KEY)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("You are not clocked in")).to_be_visible()
    await press(page, "i")
    await expect(page.get_by_text("You are clocked in")).to_be_visible()

    await press(page, "n")
    await expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    await expect(page.get_by_text("Hello Ada, how do you do this at Engines")).to_be_visible()
    await expect(page.get_by_text("nobody has touched this lead since")).to_be_visible()
    await expect(page.get_by_role("link", name="+4930901820")).to_have_attribute(
        "href", "tel:+4930901820"
    )
    await expect(page.get_by_role("link", name="ada@example.com")).to_have_attribute(
        "href", "mailto:ada@example.com"
    )
    await press(page, "c")
    callback = page.get_by_label("Callback")
    await expect(callback).to_be_focused()
    await callback.fill(f"{await callback.get_attribute('max')}")
    await page.keyboard.press("Escape")
    await page.keyboard.press("m")
    await page.keyboard.type("Wants 40 seats")
    await page.keyboard.press("Escape")
    await page.keyboard.press("2")
    await expect(page.get_by_role("button", name="Next lead")).to_be_focused()
    touch = next(one for one in await queue.told() if one.data.type == "touch-logged")
    assert (touch.data.result_code, bool(touch.data.callback_at)) == ("LATER", True)


async def test_a_lead_goes_back_another_is_picked_and_a_rep_leaves(
    queue: Queue, page: Page, seed: Playbook
) -> None:
    await taught(queue, seed)
    lead = await caller(queue)
    await press(page, "n")
    await expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    await press(page, "b")
    await page.keyboard.type("speaks Greek")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("You hold no lead")).to_be_visible()
    assert (await queue.told())[-1].data.reason == "speaks Greek"

    await page.get_by_role("link", name="Lists").click()
    await expect(page.get_by_text("this rep gave the touch back")).to_be_visible()
    await expect(page.get_by_role("button", name="Take Ada")).to_have_count(0)
    await queue.lead(attempts=1)
    await page.reload()
    await page.get_by_role("button", name="Take Ada").click()
    await expect(page.get_by_text("picked from the list")).to_be_visible()

    await page.goto(f"/leads/{lead.id}")
    await expect(page.get_by_role("listitem").filter(has_text="speaks Greek")).to_be_visible()
    await page.get_by_role("link", name="Next lead").click()
    await expect(page.get_by_text("picked from the list")).to_be_visible()
    await press(page, "p")
    await expect(page.get_by_text("You pause")).to_be_visible()
    await page.get_by_role("button", name="Leave").click()
    await expect(page.get_by_text("You hold no lead")).to_be_visible()
    await expect(page.get_by_text("You are not clocked in")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_shortcuts_can_be_switched_off(queue: Queue, page: Page) -> None:
    await queue.lead()
    await page.get_by_role("button", name="Shortcut keys").click()
    await press(page, "i")
    await page.reload()
    await press(page, "n")
    await page.get_by_role("button", name="Shortcut keys").click()
    await press(page, "i")
    await expect(page.get_by_text("You are clocked in")).to_be_visible()
    assert await queue.told() == []


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
    await expect(page.get_by_role("link", name="Ada")).to_be_visible()
    await expect(page.get_by_text("No connection")).not_to_be_visible()
