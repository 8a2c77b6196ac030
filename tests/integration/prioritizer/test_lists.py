"""The queue as a list: its pages, who stands on them, and what is kept back."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from services.prioritizer.claims.explaining import Explaining
from services.prioritizer.reading.standing import Standings
from services.prioritizer.serving.nobody import explained
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.lists import COLLEAGUE, MANAGER, ids, page
from tests.integration.prioritizer.queue import ANA, PERSON, Queue

HOUR = timedelta(hours=1)
FAR = base64.urlsafe_b64encode(b'{"after": 99999999999}').decode()


async def test_ready_leads_come_in_the_order_of_service_with_their_person(queue: Queue) -> None:
    due = await queue.lead(attempts=1)
    new = await queue.lead()
    promised = await queue.lead(again="callback")
    await queue.lead(team="enterprise")
    found = await page(queue)
    assert ids(found) == [promised.id, new.id, due.id]
    assert [one.tier for one in found.leads] == ["callback", "new", "due"]
    assert (found.leads[0].person, found.leads[0].rule, found.next) == (PERSON, None, None)


async def test_pages_follow_each_other_without_a_gap_or_a_repeat(queue: Queue) -> None:
    leads = [await queue.lead(recorded_at=NOW - n * HOUR) for n in range(5)]
    seen, cursor = [], None
    for _ in range(3):
        found = await page(queue, most=2, cursor=cursor)
        seen += ids(found)
        cursor = found.next
    assert seen == [lead.id for lead in leads]
    assert cursor is None


async def test_a_page_stays_where_it_was_when_a_lead_before_it_goes(queue: Queue) -> None:
    leads = [await queue.lead(recorded_at=NOW - n * HOUR) for n in range(4)]
    first = await page(queue, most=2)
    await queue.next(ANA)
    assert ids(await page(queue, most=2, cursor=first.next)) == [leads[2].id, leads[3].id]


@pytest.mark.parametrize("cursor", ["", "x", "bm90IGpzb24=", "ä", FAR])
async def test_a_cursor_of_nobodys_is_refused(queue: Queue, cursor: str) -> None:
    with pytest.raises(Problem) as problem:
        await page(queue, cursor=cursor)
    assert (problem.value.status_code, problem.value.type) == (422, "invalid-cursor")


async def test_leads_that_wait_are_listed_with_rule_and_return(queue: Queue) -> None:
    later = await queue.lead(not_before=NOW + 2 * HOUR, lapses_at=NOW + 3 * HOUR)
    sooner = await queue.lead(not_before=NOW + HOUR, again="callback", lapses_at=NOW + 3 * HOUR)
    found = await page(queue, state="waiting")
    assert [(one.lead_id, one.rule, one.returns_at) for one in found.leads] == [
        (sooner.id, "callback-not-due", NOW + HOUR),
        (later.id, "window-not-open", NOW + 2 * HOUR),
    ]
    assert ids(await page(queue)) == []


async def test_a_plan_whose_condition_is_not_met_is_not_said_to_return(queue: Queue) -> None:
    opens = NOW + HOUR
    times: dict[str, Any] = {"not_before": opens, "due_at": opens, "lapses_at": opens}
    lead = await queue.lead(waits_for="opened", **times)
    (one,) = (await page(queue, state="waiting")).leads
    assert (one.rule, one.returns_at, one.lapses_at) == ("condition-not-met", None, opens)
    assert one.waits_for == "opened"
    stands = await Standings(queue.pool).of(COLLEAGUE, lead.id)
    assert (stands.rule, stands.returns_at, stands.lapses_at) == ("condition-not-met", None, opens)
    async with queue.pool.connection() as conn:
        told = await explained(conn, "ben", TEAM)
    assert [(kept.rule, kept.returns_at) for kept in told.blocked] == [("condition-not-met", None)]


async def test_the_rules_that_forbade_the_touch_before_are_told(queue: Queue) -> None:
    proof: dict[str, Any] = {"allowed_by": "open", "denied_by": ("holiday", "quiet-hours")}
    lead = await queue.lead(not_before=NOW + HOUR / 2, **proof)
    (one,) = (await page(queue, state="waiting")).leads
    stands = await Standings(queue.pool).of(COLLEAGUE, lead.id)
    await queue.lead(**proof)
    claim = (await queue.given(ANA)).claim
    why = await Explaining(queue.pool).claim(MANAGER, claim.claim_id)
    for told in (one, stands, why):
        assert (told.allowed_by, told.denied_by) == ("open", ("holiday", "quiet-hours"))


@pytest.mark.parametrize("kind", ["manual", "automated"])
@pytest.mark.parametrize("at_once", [False, True])
async def test_paused_leads_are_listed_until_they_go_on(
    queue: Queue, kind: str, at_once: bool
) -> None:
    lead = await queue.stranger()
    decisions = [lead.entered(), lead.planned(kind=kind, step=3), lead.paused()]
    for batch in [decisions] if at_once else [[one] for one in decisions]:
        await queue.fold(*batch)
    await queue.fold(lead.paused(NOW + HOUR))
    (one,) = (await page(queue, state="paused")).leads
    assert (one.lead_id, one.rule, one.returns_at, one.step) == (lead.id, "paused", None, 3)
    assert (one.tier, one.person) == (None, PERSON)
    (kept,) = await queue.rows("select paused_since from prioritizer.leads")
    assert kept["paused_since"] == NOW
    stands = await Standings(queue.pool).of(COLLEAGUE, lead.id)
    assert (stands.rule, "until they resume it" in stands.words) == ("paused", True)
    await queue.fold(lead.planned(kind=kind))
    assert ids(await page(queue, state="paused")) == []


async def test_a_pause_that_an_end_follows_is_none(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.fold(lead.paused())
    await queue.fold(lead.ended())
    assert ids(await page(queue, state="paused")) == []
    assert (await Standings(queue.pool).of(COLLEAGUE, lead.id)).rule == "nothing-planned"


async def test_automated_touches_are_listed_with_what_became_of_them(queue: Queue) -> None:
    mail: dict[str, Any] = {"kind": "automated", "channel": "email", "template": "hello"}
    lead = await queue.lead(**mail)
    later = await queue.lead(**mail, not_before=NOW + HOUR / 2)
    await queue.poller.look()
    found = await page(queue, state="automated", channel="email")
    assert [(one.lead_id, one.rule, one.may_pick) for one in found.leads] == [
        (lead.id, "requested", False),
        (later.id, "for-tools", False),
    ]
    first = await page(queue, most=1, state="automated")
    assert ids(await page(queue, cursor=first.next, state="automated")) == [later.id]
    await queue.fold(lead.moved("another"), later.ended())
    assert ids(await page(queue, state="automated")) == []


async def test_leads_in_hand_are_listed_with_their_rep(queue: Queue) -> None:
    await queue.lead()
    claim = (await queue.given(ANA)).claim
    (one,) = (await page(queue, state="held")).leads
    assert (one.held_by, one.rule, one.returns_at) == ("ana", "held", claim.leased_until)
