"""The list of numbers and domains that nobody may contact, on a real database."""

from typing import Any

import orjson
import pytest

from schemas.envelope import Event, trace_id
from schemas.events.lead import LeadCreated, OptedOut
from tests.integration.ingest.harness import SOURCE_KEY, Ingest
from tests.integration.ingest.listing import ANN, BOB, CAT, DAN, answer, come_in, opted_out


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
