"""A report that is posted becomes a fact, once, and only for a mail that was sent."""

from collections.abc import AsyncIterator
from hashlib import sha256
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from services.runtime.access.security import ApiKeys
from services.runtime.doors.http import application
from services.runtime.doors.once import Once
from services.sender import bounce_api
from tests.integration.sender.post import Post, mail_server, opened
from tests.integration.sender.reports import report

PATH = "http://sender/v1/bounces"
KEY = {"Authorization": "Bearer the mailbox's key"}


@pytest_asyncio.fixture
async def post(database: str) -> AsyncIterator[Post]:
    """A sender."""
    async with mail_server() as server, opened(database, server.port) as post:
        yield post


@pytest_asyncio.fixture
async def mailbox(post: Post) -> AsyncIterator[httpx.AsyncClient]:
    """What passes reports on."""
    keys = ApiKeys({"mailbox": sha256(b"the mailbox's key").hexdigest()})
    app = application(
        "sender",
        [bounce_api.router(Once(post.pool, "sender", status=202), post.outbox, keys)],
        10_000,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        yield client


async def test_a_mail_that_came_back_is_told_once(post: Post, mailbox: httpx.AsyncClient) -> None:
    asked = await post.ask()
    await post.sending.look()
    answers = [
        await mailbox.post(PATH, content=report(asked.plan_id), headers=KEY) for _ in range(2)
    ]
    assert [answer.json()["status"] for answer in answers] == ["bounced", "ignored"]
    _, bounced = await post.told()
    assert (bounced.data.event, bounced.data.lead_id) == ("bounced", asked.lead_id)
    assert await post.state() == ("bounced", "status 5.1.1")


async def test_a_report_of_delay_changes_nothing(post: Post, mailbox: httpx.AsyncClient) -> None:
    asked = await post.ask()
    await post.sending.look()
    late = report(asked.plan_id, "delayed", "4.4.1")
    answer = await mailbox.post(PATH, content=late, headers=KEY)
    assert (answer.status_code, answer.json()) == (202, {"status": "ignored"})
    assert await post.state() == ("sent", None)


async def test_a_report_about_another_s_mail_is_ignored(
    post: Post, mailbox: httpx.AsyncClient
) -> None:
    answer = await mailbox.post(PATH, content=report(uuid4()), headers=KEY)
    assert answer.json() == {"status": "ignored"}
    assert await post.told() == []


@pytest.mark.parametrize(("headers", "status"), [({}, 401), (KEY, 422)])
async def test_what_is_no_report_and_who_is_unknown_is_refused(
    mailbox: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await mailbox.post(PATH, content=b"Subject: Hello", headers=headers)
    assert answer.status_code == status


async def test_the_same_report_with_the_same_key_gets_the_same_answer(
    post: Post, mailbox: httpx.AsyncClient
) -> None:
    asked = await post.ask()
    await post.sending.look()
    told = [
        await mailbox.post(
            PATH, content=report(asked.plan_id), headers=KEY | {"Idempotency-Key": key}
        )
        for key in ("one", "one", "two")
    ]
    assert [one.status_code for one in told] == [202] * 3
    assert [one.json()["status"] for one in told] == ["bounced", "bounced", "ignored"]
