"""A table of many leads, made by SQL in the shape that the projection writes.

Of a hundred leads 3 were promised a call by a rep, 5 are new, 7 are retried, 5 stand at the end of
the queue, 75 have another touch to come, and 5 have nothing to do. New ones that opened more than
an hour ago nobody has touched in time. Of each kind the share `ready`
opened within the last eight hours; the others open within 18 days, as long as the seed's cadence.
One of ten was claimed before. The team's fifty reps are among two thousand who work or are absent.
"""

from typing import Final
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from services.runtime.vault import Vault, seal

REPS: Final = tuple(f"rep-{n}" for n in range(50))
PERSON: Final = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada.lovelace@example.com",
    "phone": "+12125550123",
    "company": "Analytical Engines",
}
KEYS_AT_ONCE: Final = 5_000

NUMBERED: Final = """
create temporary table numbered as
select n, md5('lead ' || n)::uuid as lead_id from generate_series(1, %s) as n
"""
SEALED: Final = "create temporary table sealed (lead_id uuid primary key, sealed text not null)"
LEADS: Final = """
with drawn as (
    select n, lead_id, sealed,
        (hashint4extended(n, 1) & 1048575) / 1048576.0 as chance,
        (hashint4extended(n, 2) & 1048575) / 1048576.0 < %(ready)s as opened,
        case when n %% 100 < 3 then 0 when n %% 100 < 8 then 1 when n %% 100 < 15 then 2
            when n %% 100 < 20 then 5 when n %% 100 < 95 then 4 end as kind
    from numbered join sealed using (lead_id)
), timed as (
    select *, case when kind is null then null
        when opened then now() - interval '8 hours' * chance
        else now() + interval '10 minutes' + chance * case kind when 1 then
            interval '2 days' when 2 then interval '1 day' else interval '18 days' end
        end as not_before
    from drawn
), planned as (
    select *, now() - interval '3 days' * (hashint4extended(n, 3) & 1023) / 1023 as recorded_at,
        case when kind = 1 and not_before + interval '1 hour' <= now() then 3 else kind
            end as tier_order,
        not_before + interval '55 minutes' as due_at, not_before + interval '1 day' as lapses_at,
        case kind when 0 then 'callback' when 2 then 'retry' when 5 then 'end-of-queue' end
            as again,
        case kind when 0 then (%(reps)s::text[])[1 + n / 100 %% 50] end as for_rep,
        case when kind is not null then md5('plan ' || n)::uuid end as plan_id
    from timed
), told as (
    select *, case when plan_id is not null then jsonb_strip_nulls(jsonb_build_object(
        'occurred_at', recorded_at, 'recorded_at', recorded_at, 'lead_id', lead_id,
        'enrolment_id', md5('enrolment ' || n)::uuid, 'plan_id', plan_id, 'step', 1 + n %% 9,
        'steps', 9, 'attempts', case kind when 1 then 0 else 1 end, 'channel', 'call',
        'activity', 'Call about the enquiry', 'not_before', not_before, 'due_at', due_at,
        'lapses_at', lapses_at, 'for_rep', for_rep, 'again', again,
        'attempt', case when again is not null then 2 end,
        'result_codes', '["no-answer", "interested", "not-interested"]'::jsonb)) end as plan,
        (extract(epoch from case kind when 0 then not_before when 1 then recorded_at
            when 5 then recorded_at else due_at end) * 1000000)::bigint as microseconds
    from planned
), past as (
    insert into prioritizer.claims (lead_id, rep_id, fence, plan_id, plan, plan_event_id, why,
        claimed_at, leased_until, state, closed_at, outcome)
    select lead_id, (%(reps)s::text[])[1 + n %% 50], 1, md5('plan before ' || n)::uuid, plan,
        md5('event before ' || n)::uuid,
        '{"tier": "new", "tier_order": 1, "order_key": 0, "waited_seconds": 0, "others": 0,
          "runners_up": [], "blocked": []}',
        recorded_at - interval '5 minutes', recorded_at, 'disposed', recorded_at, 'no-answer'
    from told where n %% 10 = 0
)
insert into prioritizer.leads (lead_id, partition, team, enrolment_id, playbook_digest, features,
    sealed, plan, plan_id, plan_event_id, traceparent, not_before, lapses_at, tier, tier_order,
    order_key, for_rep, anyone_from, fence, entered_at, opened_at, promised, begins, since,
    tier_until, later_tier, later_order, later_key, cadence)
select lead_id, n %% 12, %(team)s, md5('enrolment ' || n)::uuid, repeat('0', 64),
    '{"source": "web-form", "campaign": null, "country": "US", "region": "NY", "time_zone": null,
      "mail": null, "score": null, "consent": {"call": "unknown", "email": "unknown",
      "sms": "unknown", "social": "unknown"}}', sealed, plan, plan_id, plan_id,
    '00-' || replace(plan_id::text, '-', '') || '-' || left(md5(plan_id::text), 16) || '-01',
    not_before, lapses_at,
    (array['callback', 'new', 'retry', 'never-touched', 'due', 'end-of-queue'])[tier_order + 1],
    tier_order, case tier_order when 1 then -microseconds else microseconds end, for_rep,
    case when for_rep is null then not_before
        else least(due_at + interval '1 hour', lapses_at - interval '30 minutes') end,
    case when n %% 10 = 0 then 1 else 0 end, recorded_at, not_before, coalesce(kind = 0, false),
    coalesce(kind = 1, false), not_before,
    case when tier_order = 1 then not_before + interval '1 hour' else 'infinity' end,
    case when tier_order = 1 then 'never-touched' end, case when tier_order = 1 then 3 end,
    case when tier_order = 1 then microseconds end, 'nine-touches'
from told
"""
PRESENCE: Final = """
insert into prioritizer.presence (rep_id, team, state, since, until)
select case when n < 50 then 'rep-' || n else 'other-' || n end,
    case when n < 50 then %(team)s else 'team-' || n %% 40 end,
    case when n %% 5 = 4 then 'left' else 'clocked-in' end, now(), now() + interval '1 hour'
from generate_series(0, 1999) as n
"""
TIME_OFF: Final = """
insert into prioritizer.time_off (team, rep_id, begins_at, ends_at, recorded_by)
select team, rep_id, now() + make_interval(days => 30 * n),
    now() + make_interval(days => 30 * n + 7), 'manager'
from prioritizer.presence, generate_series(-3, 2) as n where n <> 0
"""
REP_HOURS: Final = """
insert into prioritizer.rep_hours (team, rep_id, shift)
select team, rep_id,
    '{"time_zone": "Europe/Berlin", "days": ["mon", "wed"], "hours": "09:00-13:00"}'
from prioritizer.presence where rep_id like 'other-%'
"""
TABLES: Final = (
    "prioritizer.leads",
    "prioritizer.claims",
    "prioritizer.presence",
    "prioritizer.time_off",
    "prioritizer.rep_hours",
    "vault.keys",
)


async def fill(
    conn: AsyncConnection, vault: Vault, leads: int, team: str, ready: float = 0.05
) -> None:
    """Put so many leads of a team into the empty table, each with a key and a sealed person."""
    await conn.execute(NUMBERED, (leads,))
    await conn.execute(SEALED)
    async with conn.cursor() as cursor:
        await cursor.execute("select lead_id from numbered")
        while ids := [row[0] for row in await cursor.fetchmany(KEYS_AT_ONCE)]:
            await _seal(conn, vault, ids)
    await conn.execute(LEADS, {"team": team, "ready": ready, "reps": [*REPS]})
    await conn.execute(PRESENCE, {"team": team})
    await conn.execute(TIME_OFF)
    await conn.execute(REP_HOURS)
    await conn.execute("drop table numbered, sealed")


async def settle(conn: AsyncConnection) -> None:
    """Leave the tables as autovacuum would: with statistics, and known to be visible."""
    for table in TABLES:
        await conn.execute(f"vacuum (analyze) {table}".encode())


async def _seal(conn: AsyncConnection, vault: Vault, ids: list[UUID]) -> None:
    keys, person = await vault.keys_or_new(conn, ids), orjson.dumps(PERSON)
    async with conn.cursor().copy("copy sealed from stdin") as copy:
        for lead_id in ids:
            await copy.write_row((lead_id, seal(keys[lead_id], lead_id, person)))
