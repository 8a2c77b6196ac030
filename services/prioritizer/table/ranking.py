"""The places of planned touches, from what the decisions told of their leads."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from engagement.playbook.queue import DEFAULT, Queue
from engagement.playbook.tier import Term
from engagement.priority import Known, Rank, rank
from engagement.standings import order_of
from schemas.events.decision import CadenceEntered, CadenceMoved
from schemas.events.explanation import ScoreTerm
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned

LEARN = """
insert into prioritizer.queues (playbook_digest, content, tiers)
select playbook_digest, content, tiers::jsonb
from unnest(%b::text[], %b::text[], %b::text[]) as told (playbook_digest, content, tiers)
on conflict do nothing
"""
KNOWN = """
select lead_id, team, features, entered_at, opened_at, queues.content,
    case when lead_id = any(%b::uuid[]) then plan end as plan
from prioritizer.leads left join prioritizer.queues using (playbook_digest)
where lead_id = any(%b::uuid[])
"""
NAMES = """
select tier ->> 'name' from prioritizer.queues
cross join jsonb_array_elements(tiers) with ordinality as told (tier, place)
order by playbook_digest, place
"""
AT = """
select distinct (place - 1)::integer from prioritizer.queues
cross join jsonb_array_elements(tiers) with ordinality as told (tier, place)
where tier ->> 'name' = %s
"""


class Ranked(NamedTuple):
    """A plan in its places. The team is the lead's."""

    lead_id: UUID
    team: str
    opened_at: datetime
    rank: Rank


async def learn(conn: AsyncConnection, told: Iterable[CadenceEntered | CadenceMoved]) -> None:
    """Keep the orders that these decisions tell, by playbook."""
    said = {one.playbook_digest: one.queue for one in told if one.queue is not None}
    if said:
        tiers = [orjson.dumps(told_of(order_of(content))).decode() for content in said.values()]
        await conn.execute(LEARN, ([*said], [*said.values()], tiers), binary=True)


async def ranked(
    conn: AsyncConnection,
    plans: Mapping[UUID, TouchPlanned],
    opened: Mapping[UUID, datetime],
    kept: Collection[UUID],
) -> dict[UUID, Ranked]:
    """The places of these plans, and of the plans in force of the leads `kept`.

    `opened` says when the first touch of an enrolment might be made, where nobody knew before.
    Leads that never entered have none.
    """
    if not plans and not kept:
        return {}
    cursor = await conn.execute(KNOWN, ([*kept], [*plans, *kept]), binary=True)
    found = {}
    for lead_id, team, features, entered_at, opened_at, content, stored in await cursor.fetchall():
        plan = plans.get(lead_id) or (stored and TouchPlanned.model_validate(stored))
        if plan:
            since = opened_at or opened.get(lead_id, plan.not_before)
            known = Known(Features.model_validate(features), entered_at, since)
            found[lead_id] = Ranked(lead_id, team, since, rank(order_of(content), known, plan))
    return found


async def tiers(conn: AsyncConnection) -> tuple[str, ...]:
    """The names of all tiers that leads may be in: those of the usual order first."""
    found = await (await conn.execute(NAMES)).fetchall()
    return tuple(dict.fromkeys((*DEFAULT.place, *(name for (name,) in found))))


async def places_of(conn: AsyncConnection, tier: str) -> tuple[int, int]:
    """The first and the last place at which any order has the tier; none: the last is before."""
    found = await (await conn.execute(AT, (tier,))).fetchall()
    usual = [place for place, name in enumerate(DEFAULT.place) if name == tier]
    places = [*usual, *(place for (place,) in found)]
    return (min(places), max(places)) if places else (0, -1)


def place(ranked: Sequence[Ranked]) -> tuple[list[Any], ...]:
    """The columns of a place, beginning with the lead."""
    ranks = [one.rank for one in ranked]
    later = [one.later for one in ranks]
    return (
        [one.lead_id for one in ranked],
        [one.opened_at for one in ranked],
        [one.since for one in ranks],
        [one.place.tier for one in ranks],
        [one.place.tier_order for one in ranks],
        [one.place.order_key for one in ranks],
        [_terms(one.place.terms) for one in ranks],
        [one.until for one in ranks],
        [one and one.tier for one in later],
        [one and one.tier_order for one in later],
        [one and one.order_key for one in later],
        [one and _terms(one.terms) for one in later],
    )


def told_of(queue: Queue) -> list[dict[str, Any]]:
    """What a claim tells of each tier, in the order of service."""
    return [
        {
            "name": tier.name,
            "says": tier.sentence,
            "urgent": bool(tier.urgent),
            "windows": tier.windows,
        }
        for tier in queue.tiers
    ]


@lru_cache(maxsize=1_024)
def _terms(terms: tuple[Term, ...]) -> str | None:
    if not terms:
        return None
    told = [ScoreTerm(name=one.name, value=str(one.when), minutes=one.minutes) for one in terms]
    return orjson.dumps([one.model_dump() for one in told]).decode()
