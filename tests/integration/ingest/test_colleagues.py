"""An answer is told to the other leads of the company, in the same commit, on a real database."""

from uuid import UUID

import orjson
import pytest

from schemas.events.lead import ColleagueReplied, ReplyReceived
from services.ingest import colleagues
from tests.integration.ingest.harness import Ingest

REPLY = {"event": "reply-received", "identity": {"email": "ann@acme.example"}, "channel": "email"}


async def come_in(ingest: Ingest, *addresses: str) -> list[UUID]:
    """The ids of leads who come in one after the other."""
    answers = [
        await ingest.leads(orjson.dumps({"email": address}), address.replace("@", "-"))
        for address in addresses
    ]
    return [UUID(answer.json()["leads"][0]["lead_id"]) for answer in answers]


async def told(ingest: Ingest) -> list[UUID]:
    """Who was told, in the order of the log."""
    facts = [one.data for one in await ingest.facts()]
    return [fact.lead_id for fact in facts if isinstance(fact, ColleagueReplied)]


async def test_every_other_lead_of_the_domain_is_told_once(ingest: Ingest) -> None:
    ann, bob, eve, *_ = await come_in(
        ingest, "ann@acme.example", "bob@ACME.example", "eve@acme.example", "dan@other.example"
    )

    for _ in range(2):
        assert (await ingest.events(orjson.dumps(REPLY))).status_code == 202

    events = await ingest.facts()
    (reply,) = [one for one in events if isinstance(one.data, ReplyReceived)]
    heard = [one for one in events if isinstance(one.data, ColleagueReplied)]
    assert sorted(one.data.lead_id for one in heard) == sorted([bob, eve])
    for one in heard:
        assert (one.data.colleague_id, one.data.channel) == (ann, "email")
        assert one.data.recorded_at == reply.data.recorded_at
        assert one.envelope.cause == reply.envelope.id


@pytest.mark.parametrize(
    "more",
    [
        {"auto_reply": True},
        {"identity": {"email": "dan@gmail.com"}},
        {"identity": {"email": "nobody@acme.example"}},
        {"event": "bounced"},
    ],
)
async def test_nobody_else_is_told(ingest: Ingest, more: dict[str, object]) -> None:
    """Not of a machine, a free mailbox, somebody who never came in, or anything but a reply."""
    await come_in(ingest, "ann@acme.example", "bob@acme.example", "dan@gmail.com", "eve@gmail.com")

    assert (await ingest.events(orjson.dumps(REPLY | more))).status_code == 202
    assert await told(ingest) == []


async def test_of_many_colleagues_those_who_came_in_last_are_told(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(colleagues, "MOST", 2)
    _, _, cat, dan = await come_in(
        ingest, *(f"{one}@acme.example" for one in ("ann", "b", "c", "d"))
    )

    await ingest.events(orjson.dumps(REPLY))

    assert sorted(await told(ingest)) == sorted([cat, dan])
