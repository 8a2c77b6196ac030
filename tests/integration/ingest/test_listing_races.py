"""Leads who come in while something is listed: none is missed, and none is told twice."""

import asyncio
from datetime import UTC, datetime

import orjson
import psycopg
import pytest

from services.ingest import do_not_contact
from services.ingest.do_not_contact import DoNotContact, Entry
from services.ingest.identity import LeadIds
from services.ingest.reach import hash_of_domain
from services.runtime.outbox.outbox import Outbox
from tests.integration.ingest.harness import Ingest
from tests.integration.ingest.listing import ANN, answer, come_in, opted_out

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


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
