"""What happened to a lead, told in order to its own team."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from schemas.envelope import Envelope, Event
from schemas.events.fact import Features
from schemas.events.lead import LeadCreated, ReplyReceived
from schemas.events.playbook import PlaybookPublished
from schemas.events.touch import TouchLogged
from services.prioritizer.reading.timeline import Timelines
from services.prioritizer.table.history import History
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
from services.runtime.postgres.connections import Pipelined
from tests.integration.arrived import arrived
from tests.integration.prioritizer.decisions import NOW, TEAM, decided
from tests.integration.prioritizer.queue import PERSON, Queue

COLLEAGUE = Caller("ben", frozenset({"rep"}), TEAM)
SECOND = timedelta(seconds=1)


async def hear(queue: Queue, *events: Event[Any]) -> None:
    async with Pipelined(queue.pool).connection() as conn:
        await History().apply(conn, arrived(*events))


async def test_facts_decisions_and_claims_are_told_in_order(queue: Queue) -> None:
    lead = await queue.stranger()
    features = Features(source="web-form")
    created = LeadCreated(
        lead_id=lead.id, occurred_at=NOW, recorded_at=NOW, features=features, sealed="x"
    )
    await queue.fold(lead.entered(), lead.planned())
    await hear(queue, decided(created))
    await queue.dispose(await queue.given(), note="Ada is on holiday")
    touch = next(one for one in await queue.told() if isinstance(one.data, TouchLogged))
    before = await Timelines(queue.pool, queue.vault).of(COLLEAGUE, lead.id)
    await hear(queue, touch)
    told = await Timelines(queue.pool, queue.vault).of(COLLEAGUE, lead.id)
    assert [one.type for one in before.entries][-1] == "claim-disposed"
    assert [one.words for one in told.entries] == [
        "came in from web-form",
        "entered the cadence nine-touches",
        "step 1 of 9 planned: call, First call",
        "ana was given the lead",
        "ana logged a touch by call: no-answer",
    ]
    assert (told.entries[-1].note, told.person) == ("Ada is on holiday", PERSON)
    assert "sealed" not in str(told.model_dump())


async def test_of_an_erased_lead_what_happened_is_left_and_no_person(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.dispose(await queue.given(), note="Ada is on holiday")
    touch = next(one for one in await queue.told() if isinstance(one.data, TouchLogged))
    await hear(queue, touch)
    await queue.execute("delete from vault.keys where subject = %s", lead.id)
    told = await Timelines(queue.pool, queue.vault).of(COLLEAGUE, lead.id)
    assert (told.person, told.entries[-1].note) == (None, None)
    assert told.entries[-1].type == "touch-logged"


async def test_another_teams_lead_is_not_there(queue: Queue) -> None:
    lead = await queue.lead(team="enterprise")
    for lead_id in (lead.id, uuid4()):
        with pytest.raises(Problem) as problem:
            await Timelines(queue.pool, queue.vault).of(COLLEAGUE, lead_id)
        assert (problem.value.status_code, problem.value.type) == (404, "unknown-lead")


async def test_a_long_history_ends_with_what_is_newest(queue: Queue) -> None:
    lead = await queue.lead()
    replies = [
        ReplyReceived(
            lead_id=lead.id,
            occurred_at=NOW,
            recorded_at=NOW + n * SECOND,
            channel="email",
        )
        for n in range(1, 502)
    ]
    await hear(queue, *map(decided, replies))
    told = await Timelines(queue.pool, queue.vault).of(COLLEAGUE, lead.id)
    assert (len(told.entries), told.cut) == (500, True)
    assert told.entries[-1].at == NOW + 501 * SECOND


async def test_published_playbooks_are_kept_once_for_all_partitions(queue: Queue) -> None:
    published = PlaybookPublished(
        occurred_at=NOW, recorded_at=NOW, playbook="p", digest="d", content="{}"
    )
    event = Event(Envelope(uuid4(), "/touchline/ingest"), published)
    await hear(queue, event)
    await hear(queue, event, event)
    assert await queue.rows("select digest, content from prioritizer.playbooks") == [
        {"digest": "d", "content": "{}"}
    ]
