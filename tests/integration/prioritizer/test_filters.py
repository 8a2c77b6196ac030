"""What a list is asked for: each filter leaves others out, and is looked up in an index."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.prioritizer.lists.list_sql import FILTERS, MOST_READ, statement
from services.prioritizer.lists.listed import State
from tests.integration.prioritizer.decisions import NOW
from tests.integration.prioritizer.lists import ids, page
from tests.integration.prioritizer.queue import ANA, Queue
from tests.integration.prioritizer.test_own_touches import MANY

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("plan", "wanted"),
    [
        ({"channel": "email"}, {"channel": "email"}),
        ({"step": 4}, {"step": 4}),
        ({"again": "callback"}, {"tier": "callback"}),
        ({"due_at": NOW + HOUR}, {"overdue": False}),
        ({"step": 4, "channel": "sms"}, {"step": 4, "channel": "sms", "cadence": "nine-touches"}),
    ],
)
async def test_a_filter_leaves_the_others_out(
    queue: Queue, plan: dict[str, Any], wanted: dict[str, Any]
) -> None:
    await queue.lead(attempts=1)
    one = await queue.lead(**plan)
    assert ids(await page(queue, **wanted)) == [one.id]


async def test_morning_and_afternoon_are_by_the_leads_clock(queue: Queue) -> None:
    lead = await queue.lead()
    (one,) = (await page(queue)).leads
    other = "morning" if one.part == "afternoon" else "afternoon"
    assert ids(await page(queue, part=one.part)) == [lead.id]
    assert ids(await page(queue, part=other)) == []


async def test_a_rare_lead_is_on_the_first_page_however_many_come_before_it(queue: Queue) -> None:
    await queue.lead(attempts=1)
    await queue.execute(MANY, 3 * MOST_READ)
    await queue.execute(
        "update prioritizer.leads set not_before = now() + interval '20 minutes'"
        " where mod(order_key, 2) = 0"
    )
    await queue.execute(
        "insert into vault.keys select lead_id, wrapped from prioritizer.leads, vault.keys"
        " on conflict do nothing"
    )
    rare = await queue.lead(channel="sms", again="end-of-queue", attempt=2)
    later = await queue.lead(channel="sms", attempts=1, not_before=NOW + HOUR / 2)
    wishes: tuple[dict[str, Any], ...] = {"channel": "sms"}, {"tier": "end-of-queue"}
    for wanted in wishes:
        found = await page(queue, **wanted)
        assert (ids(found), found.next) == ([rare.id], None)
    assert ids(await page(queue, state="waiting", channel="sms")) == [later.id]
    assert (await page(queue, cadence="another")).next is None


@pytest.mark.parametrize("state", ["held", "paused", "automated"])
async def test_every_list_is_filtered(queue: Queue, state: State) -> None:
    match state:
        case "held":
            await queue.lead(channel="sms", step=2)
            await queue.next(ANA)
        case "paused":
            lead = await queue.lead(channel="sms", step=2)
            await queue.fold(lead.paused())
        case _:
            await queue.lead(channel="sms", step=2, kind="automated", template="hello")
    found = await page(queue, state=state, channel="sms", step=2, cadence="nine-touches")
    assert len(found.leads) == 1
    tier = found.leads[0].tier
    assert len((await page(queue, state=state, tier="new")).leads) == (tier == "new")
    for other in ({"channel": "call"}, {"step": 3}, {"cadence": "another"}, {"tier": "due"}):
        assert ids(await page(queue, state=state, **other)) == []


async def test_a_tier_is_found_at_each_place_that_an_order_gives_it(queue: Queue) -> None:
    lead, other = await queue.lead(), await queue.lead(attempts=1)
    await queue.execute(
        "insert into prioritizer.queues values ('digest', '', '[{}, {}, {\"name\": \"first\"}]')"
    )
    place = "update prioritizer.leads set tier = 'first', tier_order = 2 where lead_id = %s"
    await queue.execute(place, lead.id)
    assert ids(await page(queue, tier="first")) == [lead.id]
    assert ids(await page(queue, tier="due")) == [other.id]
    assert ids(await page(queue, tier="nowhere")) == []


@pytest.mark.parametrize("filters", [[], ["channel"], ["cadence", "step"], [*FILTERS]])
@pytest.mark.parametrize(
    ("state", "index"),
    [
        ("ready", "leads_in_order"),
        ("waiting", "leads_by_opening"),
        ("paused", "leads_paused"),
        ("automated", "automated_by_team"),
    ],
)
async def test_a_page_is_read_from_an_index(
    queue: Queue, state: State, index: str, filters: list[str]
) -> None:
    await queue.lead()
    await queue.execute(MANY, 20_000)
    await queue.execute(
        "insert into vault.keys select lead_id, wrapped from prioritizer.leads, vault.keys"
        " on conflict do nothing"
    )
    await queue.execute("analyze prioritizer.leads, vault.keys")
    asked = [name for name in filters if state in {"ready", "waiting"} or name != "tier"]
    page = statement(state, asked)
    names = ("team", "rep_id", "after", "key", "opens", "lapses", "id", "first", "last")
    for place, name in enumerate((*names, *FILTERS), 1):
        page = page.replace(f"%({name})s", f"${place}")
    async with queue.pool.connection() as conn:
        cursor = await conn.execute(f"explain (generic_plan) {page}".encode())
        plan = "\n".join(row[0] for row in await cursor.fetchall())
    assert index in plan, plan
    assert "Seq Scan" not in plan, plan
    within = [
        line for line in plan.splitlines() if "Index Cond: ((team" in line and "ROW(" in line
    ]
    assert len(within) == (2 if state == "ready" else 1), plan
    for name in asked:
        if (state, name) != ("automated", "cadence"):
            asks = "_order >= " if name == "tier" else f"{name} = "
            assert all(asks in one for one in within), plan


@pytest.mark.parametrize("path", ["queue?tier=%00", "queue?cadence=%00"])
async def test_a_filter_that_the_database_cannot_hold_is_refused(
    rep: httpx.AsyncClient, path: str
) -> None:
    answer = await rep.get(f"/v1/{path}")
    assert answer.status_code == 422, answer.text
    assert "U+0000" in answer.json()["detail"]
