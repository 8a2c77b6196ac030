"""The question "who is next?", answered by the database's clock in one statement."""

from dataclasses import dataclass
from datetime import timedelta

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool
from pydantic import TypeAdapter

from schemas.events.fact import Features
from services.prioritizer import facts
from services.prioritizer.callers import Rep
from services.prioritizer.claim import Claim
from services.prioritizer.overdue import expire
from services.prioritizer.why import MOST_COUNTED
from services.runtime.metrics import CLAIMS
from services.runtime.outbox import Outbox
from services.runtime.vault import Vault, unseal

Person = dict[str, str]

PERSON = TypeAdapter(Person)

MOST_CONSIDERED = 1_000
"""Of the first leads of either kind, how many a question tries before it says that none is due:
others may hold their rows for a moment."""

CLAIM = """
with held as (
    select * from prioritizer.claims
    where rep_id = %(rep_id)s and state = 'open' and now() < leased_until
), due as not materialized (
    select queue.* from prioritizer.queue
    where team = %(team)s and not exists (
        select from prioritizer.claims as given_back
        where given_back.plan_id = queue.plan_id and given_back.rep_id = %(rep_id)s
          and given_back.state = 'released')
), offered as not materialized (
    (select * from due where anyone_from <= now()
    order by tier_order, order_key, not_before, lapses_at, lead_id limit %(considered)s)
    union all
    (select * from due where for_rep = %(rep_id)s and now() < anyone_from
    order by tier_order, order_key, not_before, lapses_at, lead_id limit %(considered)s)
), best as (
    select leads.* from offered join prioritizer.leads using (lead_id)
    where leads.plan_id = offered.plan_id and leads.claim_id is null
      and leads.answered_plan_id is distinct from leads.plan_id and not exists (select from held)
    order by offered.tier_order, offered.order_key, offered.not_before, offered.lapses_at,
        offered.lead_id
    limit 1 for update of leads skip locked
), taken as (
    insert into prioritizer.claims (lead_id, rep_id, fence, plan_id, plan, plan_event_id,
        traceparent, why, claimed_at, leased_until)
    select lead_id, %(rep_id)s, fence + 1, plan_id, plan, plan_event_id, traceparent,
        jsonb_build_object(
            'tier', tier, 'tier_order', tier_order, 'order_key', order_key,
            'kept_for', case when for_rep = %(rep_id)s then 'you'
                when for_rep is not null then 'another' end,
            'waited_seconds', floor(extract(epoch from at - not_before))::bigint,
            'others', (select count(*) - 1 from (
                select from offered limit %(counted)s))),
        at, at + %(lease)s
    from (select *, clock_timestamp() as at from best)
    on conflict (rep_id) where state = 'open' do nothing
    returning *
), marked as (
    update prioritizer.leads set claim_id = taken.claim_id, fence = taken.fence
    from taken where leads.lead_id = taken.lead_id
)
select answer.*, leads.features, leads.sealed
from (select *, true as fresh from taken union all select *, false from held) as answer
join prioritizer.leads using (lead_id)
"""
# An order and a limit on either side, so that each is read lazily from its own index.
# The same plan_id under the lock: a plan that changed meanwhile may be another rep's by now.
# clock_timestamp(), read under the row's lock: a claim's times never overlap the one's before.


class Answer(Claim):
    """The claim, and what the rep needs to know of the lead; `fresh` if it was made just now."""

    features: Features
    sealed: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A lead in a rep's hands. No person: it was erased while the rep held it."""

    claim: Claim
    features: Features
    person: Person | None


@dataclass(frozen=True, slots=True)
class Serving:
    """Gives each rep one lead at a time, and the same one again until the rep ends the claim."""

    pool: AsyncConnectionPool
    vault: Vault
    outbox: Outbox
    lease: timedelta

    async def next(self, rep: Rep) -> Given | None:
        """The lead that this rep should work now; None while no lead of the team is due."""
        async with self.pool.connection() as conn:
            await expire(conn, self.outbox)
            # Of a rep's two questions at once, one looked before the other's claim was there.
            answer = await self._ask(conn, rep) or await self._ask(conn, rep)
            if answer is None:
                CLAIMS.labels("none-due").inc()
                return None
            if answer.fresh:
                await self.outbox.append(conn, [facts.claimed(answer)])
            keys = await self.vault.keys(conn, [answer.lead_id])
        CLAIMS.labels("claimed" if answer.fresh else "claimed-again").inc()
        return Given(answer, answer.features, _person(answer, keys.get(answer.lead_id)))

    async def _ask(self, conn: AsyncConnection, rep: Rep) -> Answer | None:
        asked = {
            "rep_id": rep.rep_id,
            "team": rep.team,
            "lease": self.lease,
            "considered": MOST_CONSIDERED,
            "counted": MOST_COUNTED + 1,
        }
        async with conn.cursor(row_factory=class_row(Answer)) as cursor:
            await cursor.execute(CLAIM, asked)
            return await cursor.fetchone()


def _person(answer: Answer, key: bytes | None) -> Person | None:
    if key is None:
        return None
    return PERSON.validate_json(unseal(key, answer.lead_id, answer.sealed))
