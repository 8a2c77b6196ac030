"""Automated touches that are due become requests to tools; those that nobody made in time, lapses.

Each row is taken by one poller at a time (SKIP LOCKED), so any number of them may run.
"""

from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from schemas.codec import encode
from schemas.envelope import Envelope, Event, child, derived_id
from schemas.events.fact import Features, Frozen, LeadFact, Text
from schemas.events.plan import TouchPlanned
from schemas.events.request import TouchRequested, TouchRequestWithdrawn
from schemas.topics import TOUCH_REQUESTS
from services.prioritizer import facts
from services.prioritizer.facts import SOURCE, Lapse
from services.runtime.outbox.outbox import Outbox, Row

AT_ONCE = 200
"""Rows a transaction, so that it stays short however long nobody looked."""

REQUEST = """
with due as (
    select lead_id from prioritizer.automated
    where requested_at is null and not_before <= now() and now() < lapses_at
      and exists (select from vault.keys where subject = lead_id)
    order by not_before limit %s
    for update skip locked
), taken as (
    update prioritizer.automated set requested_at = clock_timestamp()
    from due where automated.lead_id = due.lead_id
    returning automated.*
), fresh as (
    insert into prioritizer.requests (plan_id, lead_id, requested_at)
    select plan_id, lead_id, requested_at from taken
    on conflict do nothing returning plan_id
)
select plan_event_id, traceparent, plan, requested_at, team, features, sealed
from (select plan_event_id, traceparent, plan, plan_id, requested_at, lead_id from taken) as due
join fresh using (plan_id) join (select lead_id, team, features, sealed from prioritizer.leads)
    as of_lead using (lead_id)
"""
# Not those who were erased: their touch lapses, as nobody can make it.

LAPSE = """
delete from prioritizer.automated where lead_id in (
    select lead_id from prioritizer.automated where lapses_at <= now()
      and (open_hours is null or upper(open_hours) <= now())
    order by lapses_at limit %s
    for update skip locked)
returning lead_id, plan_id, plan_event_id, traceparent, lapses_at, clock_timestamp()
"""


class Due(Frozen):
    """An automated touch that was just marked as requested, and whose touch it is."""

    plan_event_id: UUID
    traceparent: str | None
    plan: TouchPlanned
    requested_at: datetime
    team: Text
    features: Features
    sealed: str


async def request(conn: AsyncConnection, outbox: Outbox) -> int:
    """Ask tools for what is due, oldest first; answers how many rows, at most AT_ONCE."""
    async with conn.cursor(row_factory=class_row(Due)) as cursor:
        await cursor.execute(REQUEST, (AT_ONCE,))
        found = await cursor.fetchall()
    if found:
        await outbox.append(conn, [requested(one) for one in found])
    return len(found)


async def lapse(conn: AsyncConnection, outbox: Outbox) -> int:
    """Tell the cadence of automated touches that lapsed; answers how many, at most AT_ONCE."""
    cursor = await conn.execute(LAPSE, (AT_ONCE,))
    lapses = [Lapse(*row) for row in await cursor.fetchall()]
    if lapses:
        await outbox.append(conn, [facts.lapsed(one) for one in lapses])
    return len(lapses)


def requested(due: Due) -> Row:
    """The request. Its id follows from the plan, so from enrolment, step and attempt."""
    plan = due.plan
    fact = TouchRequested(
        lead_id=plan.lead_id,
        occurred_at=plan.not_before,
        recorded_at=due.requested_at,
        enrolment_id=plan.enrolment_id,
        plan_id=plan.plan_id,
        team=due.team,
        step=plan.step,
        steps=plan.steps,
        attempts=plan.attempts,
        channel=plan.channel,
        activity=plan.activity,
        due_at=plan.due_at,
        lapses_at=plan.lapses_at,
        result_codes=plan.result_codes,
        features=due.features,
        sealed=due.sealed,
        attempt=plan.attempt,
        template=plan.template,
    )
    id_ = derived_id(fact.type, str(plan.plan_id))
    trace = child(due.traceparent, id_)
    envelope = Envelope(id_, SOURCE, cause=due.plan_event_id, traceparent=trace)
    return Row(TOUCH_REQUESTS, encode(Event(envelope, fact)))


def withdrawn(plan: TouchPlanned, by: Event[LeadFact]) -> Row:
    """The end of a request, by the decision that took its place; its id follows from the plan."""
    fact = TouchRequestWithdrawn(
        lead_id=plan.lead_id,
        occurred_at=by.data.occurred_at,
        recorded_at=by.data.recorded_at,
        enrolment_id=plan.enrolment_id,
        plan_id=plan.plan_id,
        channel=plan.channel,
    )
    id_ = derived_id(fact.type, str(plan.plan_id))
    trace = child(by.envelope.traceparent, id_)
    envelope = Envelope(id_, SOURCE, cause=by.envelope.id, traceparent=trace)
    return Row(TOUCH_REQUESTS, encode(Event(envelope, fact)))
