"""Whatever a rep does locks the rep's row first, so that nobody waits for each other."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from engagement.playbook import Playbook
from tests.integration.prioritizer.queue import ANA, Queue

WAITING = (
    "select pid from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock'"
)
# What telling of a touch locks: the rep's row, then the claim's and the lead's.
REP = "update prioritizer.presence set until = until where rep_id = 'ana'"
CLAIM = """
select from prioritizer.claims join prioritizer.leads using (lead_id)
where claims.claim_id = %s for update nowait
"""


async def pick(queue: Queue, lead: UUID) -> object:
    return await queue.serving.pick(ANA, lead)


async def ask(queue: Queue, _: UUID) -> object:
    return await queue.next(ANA)


async def leave(queue: Queue, _: UUID) -> object:
    return await queue.presence.say(ANA, "left")


@pytest.mark.parametrize("act", [ask, pick, leave])
async def test_a_claim_that_ran_out_is_free_for_whoever_has_the_reps_row(
    queue: Queue, seed: Playbook, act: Callable[[Queue, UUID], Awaitable[object]]
) -> None:
    await queue.teach(seed, picking=True)
    lead = await queue.lead()
    given = await queue.given(ANA)
    await queue.run_out(given)
    async with queue.pool.connection() as conn, conn.transaction():
        await conn.execute(REP)
        other = asyncio.ensure_future(act(queue, lead.id))
        while not await queue.rows(WAITING):
            assert not other.done(), "it waited for nothing"
            await asyncio.sleep(0.01)
        await conn.execute(CLAIM, (given.claim.claim_id,))
    await other
