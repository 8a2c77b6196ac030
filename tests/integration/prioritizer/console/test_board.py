"""The board: how much waits, how long, who holds whom, and what is kept back by which rule."""

import re
from datetime import UTC, datetime, timedelta

import httpx

from services.prioritizer.console.board import Board, look
from services.prioritizer.lists.counting_sql import MOST_COUNTED
from services.prioritizer.people.rep_hours import HoursOfReps
from services.runtime.access.roles import Caller
from tests.integration.prioritizer.console.desk import CHIEF, app, browser_of
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead
from tests.integration.prioritizer.queue import ANA, BEN, Queue
from tests.integration.prioritizer.test_team_hours import REST, TODAY, shift

MINUTE = timedelta(minutes=1)
COPY = """
with new as materialized (
    select gen_random_uuid() as id from generate_series(1, %s)
), keys as (
    insert into vault.keys select (jsonb_populate_record(one,
        jsonb_build_object('subject', id))).* from vault.keys as one, new where subject = %s
)
insert into prioritizer.leads ({columns}) select {columns} from (
    select (jsonb_populate_record(one, jsonb_build_object('lead_id', id))).*
    from prioritizer.leads as one, new where lead_id = %s
) as copies
"""
COLUMNS = """
select string_agg(attname, ', ') as names from pg_attribute
where attrelid = 'prioritizer.leads'::regclass and attnum > 0 and not attisdropped
  and attgenerated = ''"""


async def seen(queue: Queue) -> Board:
    async with queue.pool.connection() as conn:
        return await look(conn, queue.vault, TEAM)


async def copied(queue: Queue, lead: Lead, times: int) -> None:
    """As many more leads like that one."""
    [found] = await queue.rows(COLUMNS)
    await queue.execute(COPY.format(columns=found["names"]), times, lead.id, lead.id)


async def kept_back(queue: Queue) -> dict[str, int]:
    return {one.rule: one.leads for one in (await seen(queue)).kept_back}


async def test_the_board_tells_what_waits_and_who_holds_whom(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    assert "No lead is ready" in (await ana.get("/board")).text
    await queue.lead()
    await queue.lead(attempts=1)
    await queue.given(BEN)
    board = (await ana.get("/board")).text
    assert re.search(r'<th scope="row">due</th><td>1</td>', board)
    assert re.search(r"ben: <a [^>]*>Ada</a>, First call; for <time", board)


async def test_the_board_and_the_rep_see_own_hours_beside_presence(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    await queue.presence.say(ANA, "clocked-in")
    await queue.presence.say(BEN, "clocked-in")
    hours, rep = HoursOfReps(queue.pool), Caller("ana", frozenset({"rep"}), TEAM)
    for days, told in (([TODAY], ""), (REST, ": not now")):
        own = shift(days)
        await hours.set(rep, "ana", own)
        board = (await ana.get("/board")).text
        assert re.search(
            rf"ana: clocked in, for <time[^<]*</time>; works {re.escape(own.words)}{told}</li>",
            board,
        )
        assert re.search(r"ben: clocked in, for <time[^<]*</time></li>", board)
        assert f"You are clocked in. You work {own.words}." in (await ana.get("/")).text


async def test_a_manager_sees_the_board_and_is_given_no_lead(queue: Queue) -> None:
    await queue.lead()
    async with browser_of(app(queue)) as mia:
        assert str((await mia.post("/login", data={"key": CHIEF})).url).endswith("/board")
        await mia.post("/next", data={})
    assert await queue.told() == []


async def test_the_longest_wait_is_seen_however_many_came_since(queue: Queue) -> None:
    await queue.lead(attempts=1, not_before=NOW - 90 * MINUTE)
    await copied(queue, await queue.lead(attempts=1), MOST_COUNTED)
    (due,) = (await seen(queue)).depths
    assert (due.leads, due.since) == (MOST_COUNTED, NOW - 90 * MINUTE)


async def test_touches_are_counted_by_the_minutes_that_they_waited(queue: Queue) -> None:
    now = datetime.now(UTC)
    for minutes in (1, 7, 20, 40, 90):
        await queue.lead(attempts=1, not_before=now - minutes * MINUTE)
    (due,) = (await seen(queue)).depths
    counted = (due.within_5, due.within_15, due.within_30, due.within_60, due.later)
    assert counted == (1, 1, 1, 1, 1)


async def test_what_is_kept_for_a_rep_is_not_ready_until_that_rep_is_away(queue: Queue) -> None:
    await queue.presence.say(ANA, "clocked-in")
    await queue.lead(for_rep="ana", due_at=NOW, attempts=1)
    board = await seen(queue)
    assert (board.depths, await kept_back(queue)) == ([], {"kept-for-rep": 1})
    await queue.presence.say(ANA, "left")
    board = await seen(queue)
    assert ([one.leads for one in board.depths], board.kept_back) == ([1], [])


async def test_what_waits_and_what_was_given_back_is_told_by_rule(queue: Queue) -> None:
    await queue.lead(not_before=datetime.now(UTC) + 30 * MINUTE)
    await queue.lead()
    claim = (await queue.given(BEN)).claim
    await queue.holding.release("ben", claim.claim_id, claim.fence, "no time")
    assert await kept_back(queue) == {"window-not-open": 1, "given-back": 1}
    assert [one.leads for one in (await seen(queue)).depths] == [1]
    await queue.given(ANA)
    assert await kept_back(queue) == {"window-not-open": 1}
