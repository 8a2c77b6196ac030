"""The link in a mail: a person's press of a button ends all e-mail, and nothing else does."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest_asyncio

from services.runtime.doors.http import application
from services.sender import api
from tests.integration.sender.post import LINKS, Post, mail_server, opened


@pytest_asyncio.fixture
async def post(database: str) -> AsyncIterator[Post]:
    """A sender."""
    async with mail_server() as server, opened(database, server.port) as post:
        yield post


@pytest_asyncio.fixture
async def person(post: Post) -> AsyncIterator[httpx.AsyncClient]:
    """A person's mail program or browser."""
    app = application("sender", [api.router(post.pool, post.outbox, LINKS)], 10_000)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        yield client


ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def test_one_click_ends_all_mail_and_is_told_once(
    post: Post, person: httpx.AsyncClient
) -> None:
    asked = await post.ask()
    link = LINKS.link(asked.plan_id, asked.lead_id)
    for _ in range(2):
        answer = await person.post(link, data=ONE_CLICK)
        assert (answer.status_code, answer.json()) == (200, {"unsubscribed": True})
    (told,) = await post.told()
    assert (told.data.event, told.data.channel) == ("opted-out", "email")
    assert told.data.lead_id == asked.lead_id
    await post.sending.look()
    assert await post.state() == ("unsent", "unsubscribed")


async def test_looking_at_the_link_ends_nothing(post: Post, person: httpx.AsyncClient) -> None:
    asked = await post.ask()
    page = await person.get(LINKS.link(asked.plan_id, asked.lead_id))
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert '<form method="post">' in page.text
    assert await post.told() == []


async def test_a_link_that_is_not_ours_ends_nothing(post: Post, person: httpx.AsyncClient) -> None:
    asked = await post.ask()
    link = LINKS.link(asked.plan_id, asked.lead_id)
    for method in ("GET", "POST"):
        answer = await person.request(method, link[:-3] + "AAA")
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:touchline:problem:unknown-link"
    assert await post.told() == []


async def test_what_was_under_way_when_somebody_unsubscribed_is_not_sent(
    post: Post, person: httpx.AsyncClient
) -> None:
    first = await post.ask()
    await post.sending.look()
    await person.post(LINKS.link(first.plan_id, first.lead_id), data=ONE_CLICK)
    second = first.model_copy(update={"plan_id": uuid4()})
    await post.take(second)
    await post.sending.look()
    states = await post.rows("select state from sender.mails order by state")
    assert [one["state"] for one in states] == ["sent", "unsent"]


async def test_what_the_cadence_asks_for_a_day_later_is_sent(
    post: Post, person: httpx.AsyncClient
) -> None:
    """It knows of the opt-out, and would not ask unless there was another consent."""
    first = await post.ask()
    await post.sending.look()
    link = LINKS.link(first.plan_id, first.lead_id)
    await person.post(link, data=ONE_CLICK)
    async with post.pool.connection() as conn:
        await conn.execute("update sender.unsubscribed set at = at - interval '25 hours'")
    await post.take(first.model_copy(update={"plan_id": uuid4()}))
    await post.sending.look()
    states = await post.rows("select state from sender.mails")
    assert [one["state"] for one in states] == ["sent", "sent"]
    for _ in range(2):
        await person.post(link, data=ONE_CLICK)
    opted = [one for one in await post.told() if one.data.event == "opted-out"]
    assert len({one.envelope.id for one in opted}) == len(opted) == 2
