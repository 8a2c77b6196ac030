"""Mails go out once where nothing fails, and never get lost; what became of them is told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from schemas.envelope import derived_id
from services.sender import ledger, smtp
from tests.integration.sender.post import (
    ADA,
    CODE,
    LINKS,
    Post,
    Server,
    mail_server,
    opened,
    requested,
)

HOUR = timedelta(hours=1)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    """A mail server of this test's own."""
    async with mail_server() as server:
        yield server


@pytest_asyncio.fixture
async def post(database: str, server: Server) -> AsyncIterator[Post]:
    """A sender that hands its mails to the server."""
    async with opened(database, server.port) as post:
        yield post


async def test_a_mail_is_sent_once_however_many_look_and_ask(post: Post, server: Server) -> None:
    asked = await post.ask()
    await post.take(asked)
    await asyncio.gather(*(post.sending.look() for _ in range(6)))
    (mail,) = server.taken
    assert (mail["To"], mail["From"]) == ("ada@example.com", "Sales <sales@example.com>")
    assert mail["Message-ID"] == f"<{asked.plan_id}@example.com>"
    assert mail["List-Unsubscribe"] == f"<{LINKS.link(asked.plan_id, asked.lead_id)}>"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Hello Ada," in body.get_content()


async def test_a_mail_that_was_sent_is_told_as_the_answer_to_its_plan(post: Post) -> None:
    asked = await post.ask()
    await post.sending.look()
    (told,) = await post.told()
    assert told.envelope.id == derived_id("sender", "touch-logged", str(asked.plan_id))
    assert (told.data.event, told.data.lead_id) == ("touch-logged", asked.lead_id)
    assert (told.data.plan_id, told.data.result_code) == (asked.plan_id, CODE)
    assert (told.data.channel, await post.state()) == ("email", ("sent", None))


async def test_a_crash_after_the_server_took_it_repeats_the_same_mail(
    post: Post, server: Server
) -> None:
    await post.ask()
    async with post.pool.connection() as conn:
        (mail,) = await ledger.take(conn, 10)
    await post.sending._hand_over(mail, ADA)  # and here the process dies
    assert await post.sending.look() == 0
    await post.again()
    await post.sending.look()
    await post.sending._send(mail)  # it only slept, and wakes after another has written the end
    assert len({mail["Message-ID"] for mail in server.taken}) == 1
    assert (len(server.taken), len(await post.told())) == (3, 1)


async def test_an_address_that_is_refused_for_good_bounces_once(
    post: Post, server: Server
) -> None:
    server.answer = "550 no such user"
    asked = await post.ask()
    for _ in range(2):
        await post.sending.look()
        await post.again()
    (told,) = await post.told()
    assert (told.data.event, told.data.lead_id) == ("bounced", asked.lead_id)
    assert told.data.channel == "email"
    assert await post.state() == ("bounced", "status 550")


@pytest.mark.parametrize("answer", ["451 try again", "554 5.7.1 listed", "550 5.2.2 full"])
async def test_a_server_that_wants_to_be_asked_later_is(
    post: Post, server: Server, answer: str
) -> None:
    server.answer = answer
    await post.ask()
    await post.sending.look()
    assert (await post.state(), await post.told()) == (("waiting", None), [])
    assert await post.sending.look() == 0
    server.answer = "250 OK"
    await post.again()
    await post.sending.look()
    assert len(server.taken) == 1


async def test_a_server_that_takes_too_long_is_left_before_the_lease_is_over(
    post: Post, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ledger.LEASE.total_seconds() > smtp.SESSION_SECONDS + smtp.QUIT_SECONDS
    monkeypatch.setattr(smtp, "SESSION_SECONDS", 0.2)
    monkeypatch.setattr(smtp, "SMTP_SECONDS", 3_600)
    server.waits = asyncio.Event()
    await post.ask()
    async with asyncio.timeout(60):  # else it would hang, not fail
        await post.sending.look()
    assert (await post.state(), server.taken) == (("waiting", None), [])
    server.waits.set()
    monkeypatch.undo()
    await post.again()
    await post.sending.look()
    assert await post.state() == ("sent", None)


async def test_a_mail_that_fails_in_a_way_of_its_own_holds_no_other_up(
    post: Post, server: Server
) -> None:
    odd = await post.ask()
    async with post.pool.connection() as conn:
        await conn.execute('update sender.mails set request = request || \'{"sealed": "AAAA"}\'')
    good = await post.ask()
    await post.sending.look()
    assert [mail["Message-ID"] for mail in server.taken] == [f"<{good.plan_id}@example.com>"]
    states = {
        row["plan_id"]: row["state"] for row in await post.rows("select * from sender.mails")
    }
    assert states == {odd.plan_id: "waiting", good.plan_id: "sent"}


async def test_a_mail_whose_touch_has_lapsed_is_not_sent(post: Post, server: Server) -> None:
    await post.ask(lapses_at=datetime.now(UTC) - HOUR)
    await post.sending.look()
    assert (server.taken, await post.told()) == ([], [])
    assert await post.state() == ("unsent", "lapsed")


async def test_nobody_is_written_to_after_erasure(post: Post, server: Server) -> None:
    await post.ask()
    async with post.pool.connection() as conn:
        await conn.execute("delete from vault.keys")
    await post.sending.look()
    assert (server.taken, await post.state()) == ([], ("unsent", "erased"))


async def test_a_person_without_an_address_is_not_written_to(post: Post, server: Server) -> None:
    await post.ask({"first_name": "Ada", "phone": "+49 30 123456"})
    await post.sending.look()
    assert (server.taken, await post.state()) == ([], ("unsent", "unaddressable"))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"template": "none-such"}, ["unknown-template"]),
        ({"template": None}, ["unknown-template"]),
        ({"result_codes": ("NOANSWER",)}, ["no-sent-code"]),
        ({"channel": "sms", "template": None}, []),
    ],
)
async def test_what_cannot_be_sent_is_refused_when_it_comes(
    post: Post, changes: dict[str, object], codes: list[str]
) -> None:
    asked = requested(derived_id("lead"), "sealed", **changes)
    outcome = await post.take(asked)
    assert [one.code for one in outcome.refusals] == codes
    assert await post.rows("select * from sender.mails") == []
