"""The list of numbers and domains that nobody may contact, on a real database."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest

from schemas.envelope import Event, trace_id
from schemas.events.lead import LeadCreated, OptedOut
from services.ingest import do_not_contact
from services.ingest.do_not_contact import DoNotContact, Entry
from services.ingest.identity import LeadIds
from services.ingest.reach import hash_of_domain
from services.runtime.outbox import Outbox
from tests.integration.ingest.harness import SOURCE_KEY, Ingest

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANN = {"email": "ann@acme.example", "phone": "+49 30 1234567"}
BOB = {"email": "Bob@ACME.example", "phone": "030 1234567", "country": "DE"}
CAT = {"email": "cat@other.example", "phone": "+49 30 7654321"}
DAN = {"email": "dan@gmail.com"}


async def come_in(ingest: Ingest, *people: dict[str, str]) -> list[UUID]:
    """The ids of these leads, who come in by one request."""
    key = f"key-{len(await ingest.facts())}"
    answer = await ingest.leads(orjson.dumps(people), key)
    assert answer.status_code == 202, answer.text
    return [UUID(lead["lead_id"]) for lead in answer.json()["leads"]]


async def opted_out(ingest: Ingest) -> list[tuple[UUID, str]]:
    """Whom facts opt out, and of what, in their order; each for the list's reason."""
    facts = [one.data for one in await ingest.facts() if isinstance(one.data, OptedOut)]
    assert {fact.reason for fact in facts} <= {"do-not-contact"}
    return [(fact.lead_id, fact.channel) for fact in facts]


def answer(changed: bool, leads: int, listed: bool = True) -> dict[str, Any]:
    return {"listed": listed, "changed": changed, "leads": leads}


async def test_a_listed_domain_opts_out_who_is_there_and_who_comes_later(ingest: Ingest) -> None:
    ann, bob, _cat, _dan = await come_in(ingest, ANN, BOB, CAT, DAN)

    listed = await ingest.do_not_contact(domain=" Acme.Example ", channel="email")
    again = await ingest.do_not_contact(domain="acme.example", channel="email")
    (eve,) = await come_in(ingest, {"email": "eve@acme.example"})

    assert (listed.status_code, listed.json()) == (200, answer(True, 2))
    assert again.json() == answer(False, 0)
    assert sorted(await opted_out(ingest)) == sorted((one, "email") for one in (ann, bob, eve))


async def test_a_listed_number_is_one_however_it_is_written(ingest: Ingest) -> None:
    ann, bob, _cat = await come_in(ingest, ANN, BOB, CAT)

    listed = await ingest.do_not_contact(phone="0049 (0)30 12345-67")

    assert listed.json() == answer(True, 2)
    assert sorted(await opted_out(ingest)) == sorted([(ann, "all"), (bob, "all")])


async def test_who_is_on_the_list_is_opted_out_before_being_created(ingest: Ingest) -> None:
    """So the lead enters no cadence, and no touch is planned even for a moment."""
    await ingest.do_not_contact(phone="+49301234567", channel="call")
    await ingest.do_not_contact(domain="acme.example")

    (ann,) = await come_in(ingest, ANN)

    facts: list[Event[Any]] = await ingest.facts()
    assert [type(one.data) for one in facts] == [OptedOut, OptedOut, LeadCreated]
    assert sorted(await opted_out(ingest)) == [(ann, "all"), (ann, "call")]
    stored = await ingest.stored("sales.lead.events.v1")
    assert len({one.partition for one in stored if one.message.key}) == 1


async def test_an_opt_out_at_an_arrival_is_in_the_arrivals_trace(ingest: Ingest) -> None:
    await ingest.do_not_contact(domain="acme.example")
    trace = "1234567890abcdef1234567890abcdef"

    await ingest.leads(orjson.dumps(ANN), traceparent=f"00-{trace}-1234567890abcdef-01")

    assert [trace_id(one.envelope.traceparent) for one in await ingest.facts()] == [trace, trace]


async def test_a_lead_that_comes_again_is_not_told_again(ingest: Ingest) -> None:
    await ingest.do_not_contact(domain="acme.example")
    await come_in(ingest, ANN)
    await come_in(ingest, ANN | {"title": "CTO"})

    assert len(await opted_out(ingest)) == 1


async def test_off_the_list_later_leads_are_left_alone(ingest: Ingest) -> None:
    (ann,) = await come_in(ingest, ANN)
    await ingest.do_not_contact(domain="acme.example")
    unlisted = await ingest.do_not_contact(domain="acme.example", listed=False)
    never = await ingest.do_not_contact(domain="other.example", listed=False)
    (bob,) = await come_in(ingest, BOB)

    assert (unlisted.json(), never.json()) == (answer(True, 0, False), answer(False, 0, False))
    assert await opted_out(ingest) == [(ann, "all")]

    await ingest.do_not_contact(domain="acme.example")
    assert sorted(await opted_out(ingest)) == sorted([(ann, "all"), (ann, "all"), (bob, "all")])
    assert len({one.envelope.id for one in await ingest.facts()}) == len(await ingest.facts())


async def test_a_dry_run_counts_and_changes_nothing(ingest: Ingest) -> None:
    await come_in(ingest, ANN, BOB, CAT)

    counted = await ingest.do_not_contact(dry_run=True, domain="acme.example")
    off = await ingest.do_not_contact(dry_run=True, domain="acme.example", listed=False)

    assert (counted.json(), off.json()) == (answer(True, 2), answer(False, 0, False))
    assert await opted_out(ingest) == []
    assert await ingest.rows("select 1 from ingest.do_not_contact") == []


async def test_many_are_opted_out_page_by_page(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(do_not_contact, "PAGE", 4)
    there = await come_in(ingest, *({"email": f"{n}@acme.example"} for n in range(10)))

    listed = await ingest.do_not_contact(domain="acme.example")

    assert listed.json() == answer(True, 10)
    assert await opted_out(ingest) == [(one, "all") for one in sorted(there)]


async def test_whoever_comes_in_meanwhile_is_opted_out_once(ingest: Ingest) -> None:
    """Leads and the listing race: none is missed, and none is told twice."""

    async def one(n: int) -> None:
        raw = orjson.dumps({"email": f"{n}@acme.example"})
        assert (await ingest.leads(raw, f"race-{n}")).status_code == 202

    async def listing() -> None:
        await asyncio.sleep(0.02)
        assert (await ingest.do_not_contact(domain="acme.example")).status_code == 200

    await asyncio.gather(listing(), *(one(n) for n in range(120)))

    told = [lead for lead, _ in await opted_out(ingest)]
    assert len(told) == len(set(told)) == 120


async def test_the_very_first_lead_is_told_once_where_it_came_after_the_listing(
    ingest: Ingest,
) -> None:
    """It comes before the listing's next page is looked for: what it reached is none of it."""
    domain = hash_of_domain(LeadIds(b"a secret of the tests' own"), "acme.example")
    entry, pool = Entry(domain, "all"), ingest.service.pool
    listing = DoNotContact(pool, Outbox("ingest"))
    await listing.list(pool, entry, NOW)
    [ann] = await come_in(ingest, {"email": "ann@acme.example"})
    await listing.finish(entry, NOW)
    assert await opted_out(ingest) == [(ann, "all")]


async def test_the_listing_waits_for_leads_that_are_coming_in(ingest: Ingest) -> None:
    """Their rows are not committed yet when it asks; it must not pass them over."""
    async with await psycopg.AsyncConnection.connect(ingest.url) as other:
        await other.execute("insert into ingest.contacts select '\\x00', gen_random_uuid()")
        listing = asyncio.ensure_future(ingest.do_not_contact(domain="acme.example"))
        done, _ = await asyncio.wait({listing}, timeout=0.3)
        assert not done
    assert (await listing).status_code == 200


@pytest.mark.parametrize("earlier", [0, 60])
async def test_leads_wait_for_a_listing_that_is_not_committed_yet(
    ingest: Ingest, earlier: int
) -> None:
    """And see it then, however often their statement ran before: at first it is planned anew."""
    for n in range(earlier):
        await come_in(ingest, {"email": f"{n}@other.example"})
    await ingest.do_not_contact(domain="acme.example")
    await ingest.do_not_contact(domain="acme.example", listed=False)
    async with await psycopg.AsyncConnection.connect(ingest.url) as other:
        await other.execute("lock table ingest.contacts in share row exclusive mode")
        await other.execute("update ingest.do_not_contact set listed = true")
        coming = asyncio.ensure_future(come_in(ingest, ANN))
        done, _ = await asyncio.wait({coming}, timeout=0.3)
        assert not done
    told = [(one, "all") for one in await coming]
    assert await opted_out(ingest) == told


async def test_nothing_on_the_list_can_be_read(ingest: Ingest) -> None:
    await come_in(ingest, ANN)
    await ingest.do_not_contact(domain="acme.example")
    await ingest.do_not_contact(phone="+49301234567")

    rows = await ingest.rows(
        "select t::text from ingest.contacts t union select t::text from ingest.do_not_contact t"
    )
    shown = str(rows) + str([one.message for one in await ingest.stored("sales.lead.events.v1")])
    for clear in ("acme", "1234567", b"acme".hex(), b"1234567".hex()):
        assert clear not in shown


@pytest.mark.parametrize(
    ("told", "field", "rule"),
    [
        ({}, "value", "needs exactly one of phone and domain"),
        ({"phone": "+49301234567", "domain": "a.example"}, "value", "needs exactly one of"),
        ({"domain": "gmail.com"}, "domain", "strangers share this domain of free mailboxes"),
        ({"domain": "ann@acme.example"}, "domain", "String should match pattern"),
        ({"phone": "030 1234567"}, "phone", "no number that is known in all countries"),
        ({"phone": "+49301234567", "channel": "fax"}, "channel", "Input should be 'call'"),
        ({"domian": "acme.example"}, "domian", "Extra inputs are not permitted"),
    ],
)
async def test_a_refusal_names_field_rule_and_fix(
    ingest: Ingest, told: dict[str, Any], field: str, rule: str
) -> None:
    refused = await ingest.do_not_contact(**told)

    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["field"]) == (422, field)
    assert error["rule"].startswith(rule)
    assert error["fix"]
    assert await ingest.rows("select 1 from ingest.do_not_contact") == []


async def test_the_list_is_the_operators(ingest: Ingest) -> None:
    headers = {"authorization": f"Bearer {SOURCE_KEY}"}
    by_source = await ingest.client.post(
        "/v1/do-not-contact", json={"domain": "acme.example"}, headers=headers
    )

    assert by_source.status_code == 401


async def test_the_same_request_with_the_same_key_is_answered_as_before(ingest: Ingest) -> None:
    await come_in(ingest, ANN, BOB)
    for key in ("list", "list"):
        told = await ingest.do_not_contact(key=key, domain="acme.example")
        assert told.json() == answer(True, 2)
    for key in ("unlist", "unlist"):
        told = await ingest.do_not_contact(key=key, domain="acme.example", listed=False)
        assert told.json() == answer(True, 0, listed=False)
    reused = await ingest.do_not_contact(key="list", domain="other.example")
    assert (reused.status_code, reused.json()["type"].endswith("key-of-another-request")) == (
        422,
        True,
    )
