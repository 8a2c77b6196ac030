"""A request that was taken back: its mail goes out no more, whatever state it is in."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.integration.sender.post import Post, Server, mail_server, opened, withdrawn


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    """A mail server."""
    async with mail_server() as server:
        yield server


@pytest_asyncio.fixture
async def post(database: str, server: Server) -> AsyncIterator[Post]:
    """A sender."""
    async with opened(database, server.port) as post:
        yield post


async def test_a_mail_that_was_not_sent_yet_is_not_sent(post: Post, server: Server) -> None:
    asked = await post.ask()
    await post.take(withdrawn(asked))
    await post.sending.look()
    assert (await post.state(), server.taken) == (("unsent", "withdrawn"), [])
    assert await post.told() == []


async def test_request_and_withdrawal_of_one_batch_send_nothing(
    post: Post, server: Server
) -> None:
    asked = await post.ask()
    async with post.pool.connection() as conn:
        await conn.execute("delete from sender.mails")
    await post.take(asked, withdrawn(asked))
    await post.sending.look()
    assert (await post.state(), server.taken) == (("unsent", "withdrawn"), [])


async def test_a_mail_that_the_server_could_not_take_yet_is_not_tried_again(
    post: Post, server: Server
) -> None:
    server.answer = "451 later"
    asked = await post.ask()
    await post.sending.look()
    await post.take(withdrawn(asked))
    server.answer = "250 OK"
    await post.again()
    await post.sending.look()
    assert (await post.state(), server.taken) == (("unsent", "withdrawn"), [])


async def test_a_mail_that_was_sent_stays_sent(post: Post, server: Server) -> None:
    asked = await post.ask()
    await post.sending.look()
    await post.take(withdrawn(asked))
    assert (await post.state(), len(server.taken)) == (("sent", None), 1)


async def test_another_channel_is_another_tool_s(post: Post) -> None:
    asked = await post.ask()
    other = withdrawn(asked).model_copy(update={"channel": "sms"})
    await post.take(other)
    await post.sending.look()
    assert await post.state() == ("sent", None)
