"""Fifty reps at once while the database dies and connections are cut: what was promised holds."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import pytest

from services.prioritizer.callers import Rep
from services.prioritizer.claims.in_hand import Given
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead
from tests.integration.prioritizer.queue import Queue, opened
from tests.real_servers import OwnServers
from tests.tables import make_tables

LEADS, REPS, ABSENT, RESTARTS = 120, 50, 5, 3
SEED = 50
PATIENCE_SECONDS = 400
T = TypeVar("T")
CUT = "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'touch%'"


class Day:
    """What the reps were told, by themselves and through every outage."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.done: Counter[UUID] = Counter()
        self.outages = 0
        self.done_so_far = [asyncio.Event() for _ in range(RESTARTS + 1)]

    async def insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask until the database answers: a client cannot know whether it was heard before."""
        while True:
            try:
                return await ask()
            except psycopg.Error:
                self.outages += 1
                await asyncio.sleep(0.1)

    async def work(self, rep: Rep, chance: random.Random) -> None:
        """Ask, and end each touch, until no lead is left."""
        while len(self.done) < LEADS:
            given = await self.insist(partial(self.queue.serving.next, rep))
            if given is None:
                await asyncio.sleep(0.1)
            elif chance.random() < 0.1:
                await self.insist(partial(self.give_back, given))
            else:
                await self.insist(partial(self.queue.dispose, given))
                self.count(given.claim.lead_id)

    async def give_back(self, given: Given) -> None:
        """The same again if the first answer was lost."""
        claim = given.claim
        await self.queue.holding.release(claim.rep_id, claim.claim_id, claim.fence, "no time")

    async def stay_away(self, rep: Rep) -> None:
        """Ask all the same."""
        while len(self.done) < LEADS:
            with pytest.raises(Problem, match=r"Clock in first|End the pause"):
                await self.insist(partial(self.queue.serving.next, rep))
            await asyncio.sleep(1)

    async def go_wrong(self, servers: OwnServers) -> None:
        """Again and again the database dies; at last every connection is cut."""
        *restarts, cut = self.done_so_far
        for due in restarts:
            await due.wait()
            await asyncio.to_thread(servers.kill_database)
            await asyncio.to_thread(servers.start_database)
        await cut.wait()
        url = servers.servers.database_url
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
            await conn.execute(CUT)

    def count(self, lead_id: UUID) -> None:
        """A touch is made, as far as the rep knows."""
        self.done[lead_id] += 1
        for n, due in enumerate(self.done_so_far, 1):
            if len(self.done) >= n * LEADS // (RESTARTS + 2):
                due.set()


@pytest.mark.parametrize("demanded", [True, False])
async def test_fifty_reps_and_a_database_that_dies(
    own_servers: Callable[[], OwnServers], demanded: bool
) -> None:
    """Reps are absent who did not clock in; where they need not, those who pause."""
    servers, chance = own_servers(), random.Random(SEED)
    reps = [Rep(f"rep-{n}", TEAM) for n in range(REPS)]
    await make_tables(servers.servers.database_url, "prioritizer")
    async with opened(servers.servers.database_url) as opened_, asyncio.timeout(PATIENCE_SECONDS):
        queue = opened_.demanding() if demanded else opened_
        leads = [await _lead(queue, n) for n in range(LEADS)]
        for rep in reps[ABSENT:] if demanded else reps[:ABSENT]:
            await queue.presence.say(rep, "clocked-in" if demanded else "paused")
        day = Day(queue)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(day.go_wrong(servers))
            for rep in reps[:ABSENT]:
                tasks.create_task(day.stay_away(rep))
            for rep in reps[ABSENT:]:
                tasks.create_task(day.work(rep, random.Random(chance.random())))
        assert day.outages > 0
        assert set(day.done) == {lead.id for lead in leads}, "somebody starved"
        assert set(day.done.values()) == {1}, "somebody was served twice"
        await _check(queue)


async def _lead(queue: Queue, n: int) -> Lead:
    """Every tier, one after the other."""
    kinds: tuple[dict[str, Any], ...] = (
        {"again": "callback"},
        {},
        {"again": "retry"},
        {"attempts": 1},
        {"again": "end-of-queue"},
    )
    return await queue.lead(lapses_at=NOW.replace(year=NOW.year + 1), **kinds[n % len(kinds)])


async def _check(queue: Queue) -> None:
    claims = defaultdict(list)
    for row in await queue.rows("select * from prioritizer.claims order by lead_id, fence"):
        claims[row["lead_id"]].append(row)
        assert row["rep_id"] not in {f"rep-{n}" for n in range(ABSENT)}
    assert len(claims) == LEADS
    for holds in claims.values():
        assert [hold["fence"] for hold in holds] == list(range(1, len(holds) + 1))
        assert [hold["state"] for hold in holds] == ["released"] * (len(holds) - 1) + ["disposed"]
        for before, after in pairwise(holds):
            assert before["closed_at"] < after["claimed_at"]
    told = Counter(event.data.type for event in await queue.told())
    assert told["touch-logged"] == told["claim-disposed"] == LEADS
    assert told["lead-claimed"] == sum(map(len, claims.values()))
