"""What happened to each lead, kept for people to read: facts and decisions, as they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import AsyncConnection

from schemas.events.fact import LeadFact
from schemas.events.playbook import PlaybookPublished
from schemas.topics import LEAD_EVENTS, Topic
from services.runtime.fold.fold import Arrival, Outcome

FACT: Final = 0
DECISION: Final = 1
"""In this order at one moment: a decision follows from a fact, and is recorded with its time."""

KEEP = """
insert into prioritizer.history (stage, partition, lead_id, recorded_at, type, fact)
select %b::smallint, partition, lead_id, recorded_at, type, fact::jsonb
from unnest(%b::int[], %b::uuid[], %b::timestamptz[], %b::text[], %b::text[])
    with ordinality as come (partition, lead_id, recorded_at, type, fact, place) order by place
"""
LEARN = """
insert into prioritizer.playbooks as known (digest, content, published_at, teams)
select digest, content, published_at, content::jsonb -> 'teams'
from unnest(%b::text[], %b::text[], %b::timestamptz[]) as told (digest, content, published_at)
on conflict (digest) do update set
    published_at = greatest(known.published_at, excluded.published_at), teams = excluded.teams
where known.published_at is distinct from
    greatest(known.published_at, excluded.published_at)
"""


@dataclass(frozen=True, slots=True)
class History:
    """Keeps every fact about a lead, without its sealed person, and every published playbook."""

    topic: Topic = LEAD_EVENTS
    output: None = None

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Writes them down, in the order of the log."""
        await keep(conn, FACT, arrivals)
        facts = [arrival.event.data for arrival in arrivals]
        books = {one.digest: one for one in facts if isinstance(one, PlaybookPublished)}
        if books:
            known = books.values()
            columns = [one.content for one in known], [one.recorded_at for one in known]
            await conn.execute(LEARN, ([*books], *columns), binary=True)
        return Outcome()


async def keep(conn: AsyncConnection, stage: int, arrivals: Sequence[Arrival]) -> None:
    """Write down what is about a lead, in its order; `stage` is FACT or DECISION."""
    told = [(one.partition, one.event.data) for one in arrivals]
    kept = [(partition, fact) for partition, fact in told if isinstance(fact, LeadFact)]
    if kept:
        columns = (
            [partition for partition, _ in kept],
            [fact.lead_id for _, fact in kept],
            [fact.recorded_at for _, fact in kept],
            [fact.type for _, fact in kept],
            [fact.model_dump_json(exclude={"sealed"}) for _, fact in kept],
        )
        await conn.execute(KEEP, (stage, *columns), binary=True)
