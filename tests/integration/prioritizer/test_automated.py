"""Automated touches: tools are asked once, reps never, and what no tool made lapses."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from schemas.envelope import derived_id
from tests.integration.prioritizer.decisions import CODES, NOW, TEAM, Lead
from tests.integration.prioritizer.queue import Queue

HOUR = timedelta(hours=1)
MAIL: dict[str, Any] = {"channel": "email", "kind": "automated", "template": "follow-up"}


async def test_a_due_touch_is_requested_once_however_many_pollers_look(queue: Queue) -> None:
    plan_id = uuid4()
    lead = await queue.lead(**MAIL, plan_id=plan_id, attempt=2)
    await asyncio.gather(*(queue.poller.look() for _ in range(8)))
    assert await queue.poller.look() == 0
    (asked,) = await queue.told()
    assert asked.data.type == "touch-requested"
    assert asked.envelope.id == derived_id("touch-requested", str(plan_id))
    assert (asked.data.lead_id, asked.data.plan_id) == (lead.id, plan_id)
    assert (asked.data.team, asked.data.sealed) == (TEAM, lead.sealed)
    assert (asked.data.template, asked.data.attempt) == ("follow-up", 2)
    assert asked.data.result_codes == CODES


async def test_a_request_stays_in_the_trace_of_its_decision(queue: Queue) -> None:
    lead = await queue.lead()
    planned = lead.planned(**MAIL)
    await queue.fold(planned)
    await queue.poller.look()
    (asked,) = await queue.told()
    assert asked.envelope.cause == planned.envelope.id
    assert asked.envelope.traceparent is not None
    assert planned.envelope.traceparent is not None
    assert asked.envelope.traceparent[:35] == planned.envelope.traceparent[:35]


async def test_no_rep_is_given_an_automated_touch(queue: Queue) -> None:
    await queue.lead(**MAIL)
    assert await queue.next() is None


async def test_the_priority_table_holds_none_of_them(queue: Queue) -> None:
    lead = await queue.stranger()
    (mail,) = (await queue.fold(lead.entered(), lead.planned(**MAIL))).publications
    (manual,) = (await queue.fold(lead.planned(channel="email", kind="manual"))).publications
    assert (mail.message.value, manual.message.value is None) == (None, False)


async def test_a_plan_for_reps_and_a_plan_for_tools_take_each_other_s_place(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.fold(lead.planned(**MAIL))
    assert await queue.next() is None
    await queue.fold(lead.planned())
    assert await queue.poller.look() == 0
    assert await queue.next() == lead.id


async def test_nothing_is_requested_before_its_time_or_after_it(queue: Queue) -> None:
    await queue.lead(**MAIL, not_before=NOW + HOUR, due_at=NOW + HOUR, lapses_at=NOW + 2 * HOUR)
    await queue.lead(**MAIL, lapses_at=NOW - HOUR)
    await queue.poller.look()
    assert [fact.data.type for fact in await queue.told()] == ["touch-lapsed"]


async def test_a_touch_that_was_requested_and_not_reported_lapses_once(queue: Queue) -> None:
    await queue.lead(**MAIL)
    await queue.poller.look()
    await queue.execute("update prioritizer.automated set lapses_at = now()")
    await asyncio.gather(*(queue.poller.look() for _ in range(8)))
    requested, lapsed = await queue.told()
    assert (requested.data.type, lapsed.data.type) == ("touch-requested", "touch-lapsed")
    assert lapsed.data.plan_id == requested.data.plan_id
    assert lapsed.envelope.id == derived_id("touch-lapsed", str(requested.data.plan_id))


async def test_the_same_plan_is_not_requested_again(queue: Queue) -> None:
    lead, plan = await queue.lead(), {**MAIL, "plan_id": uuid4()}
    for _ in range(2):
        await queue.fold(lead.planned(**plan))
        await queue.poller.look()
    assert len(await queue.told()) == 1


async def test_an_ended_cadence_withdraws_what_was_not_requested_yet(queue: Queue) -> None:
    lead = await queue.lead(**MAIL)
    await queue.fold(lead.ended())
    assert await queue.poller.look() == 0
    assert await queue.told() == []


async def test_nobody_is_asked_to_write_to_a_person_who_was_erased(queue: Queue) -> None:
    await queue.lead(**MAIL)
    await queue.execute("delete from vault.keys")
    assert await queue.poller.look() == 0


async def test_an_automated_touch_of_an_unknown_lead_is_refused(queue: Queue) -> None:
    outcome = await queue.fold(Lead().planned(**MAIL))
    assert [one.code for one in outcome.refusals] == ["unknown-lead"]
    assert await queue.rows("select * from prioritizer.automated") == []


@pytest.mark.parametrize("instead", ["ended", "for reps", "for tools"])
async def test_tools_are_told_when_what_they_were_asked_for_is_not_wanted_any_more(
    queue: Queue, instead: str
) -> None:
    lead = await queue.lead(**MAIL)
    await queue.poller.look()
    kinds = {"ended": lead.ended(), "for reps": lead.planned(), "for tools": lead.planned(**MAIL)}
    await queue.fold(kinds[instead])
    asked, withdrawn = await queue.told()
    assert withdrawn.data.type == "touch-request-withdrawn"
    assert (withdrawn.data.plan_id, withdrawn.data.channel) == (asked.data.plan_id, "email")
    assert withdrawn.envelope.cause == kinds[instead].envelope.id
    assert withdrawn.envelope.id == derived_id(withdrawn.data.type, str(asked.data.plan_id))


async def test_nothing_is_taken_back_that_was_not_requested_or_is_planned_still(
    queue: Queue,
) -> None:
    lead = await queue.lead(**MAIL)
    planned = lead.planned(**MAIL)
    await queue.fold(planned)
    await queue.poller.look()
    await queue.fold(planned)
    assert [one.data.type for one in await queue.told()] == ["touch-requested"]
