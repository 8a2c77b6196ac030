"""What the projection writes into prioritizer.leads: the statements, each for many rows."""

ENTER = """
insert into prioritizer.leads
    (partition, lead_id, team, enrolment_id, playbook_digest, features, sealed, entered_at,
    cadence)
select partition, lead_id, team, enrolment_id, playbook_digest, features::jsonb, sealed,
    entered_at, cadence
from unnest(%b::int[], %b::uuid[], %b::text[], %b::uuid[], %b::text[], %b::text[], %b::text[],
            %b::timestamptz[], %b::text[])
    as entered (partition, lead_id, team, enrolment_id, playbook_digest, features, sealed,
                entered_at, cadence)
on conflict (lead_id) do update set
    partition = excluded.partition, team = excluded.team, enrolment_id = excluded.enrolment_id,
    playbook_digest = excluded.playbook_digest, features = excluded.features,
    sealed = excluded.sealed, entered_at = excluded.entered_at, opened_at = null,
    cadence = excluded.cadence
"""

MOVE = """
update prioritizer.leads set
    team = moved.team, playbook_digest = moved.playbook_digest, features = moved.features,
    cadence = moved.cadence
from (
    select lead_id, team, playbook_digest, features::jsonb, cadence
    from unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[])
        as told (lead_id, team, playbook_digest, features, cadence)
) as moved
where leads.lead_id = moved.lead_id
"""

UPDATE = """
update prioritizer.leads set
    features = leads.features || told.features::jsonb, sealed = coalesce(told.sealed, leads.sealed)
from unnest(%b::uuid[], %b::text[], %b::text[]) as told (lead_id, features, sealed)
where leads.lead_id = told.lead_id
"""

_PLACE = """opened_at = told.opened_at, since = told.since, tier = told.tier,
    tier_order = told.tier_order, order_key = told.order_key, terms = told.terms::jsonb,
    tier_until = coalesce(told.tier_until, 'infinity'), later_tier = told.later_tier,
    later_order = told.later_order, later_key = told.later_key,
    later_terms = told.later_terms::jsonb"""
_PLACES = """%b::timestamptz[], %b::timestamptz[], %b::text[], %b::int[], %b::bigint[], %b::text[],
    %b::timestamptz[], %b::text[], %b::int[], %b::bigint[], %b::text[]"""
_NAMES = """opened_at, since, tier, tier_order, order_key, terms, tier_until, later_tier,
    later_order, later_key, later_terms"""

PLAN = f"""
update prioritizer.leads set
    plan = told.plan::jsonb, plan_id = told.plan_id, plan_event_id = told.event_id,
    traceparent = told.traceparent, not_before = told.not_before, lapses_at = told.lapses_at,
    for_rep = told.for_rep, anyone_from = told.anyone_from, promised = told.promised,
    begins = told.begins, open_hours = told.open_hours::tstzmultirange, paused_since = null,
    paused_plan = null, {_PLACE}
from unnest(%b::uuid[], {_PLACES}, %b::text[], %b::uuid[], %b::uuid[], %b::text[],
    %b::timestamptz[], %b::timestamptz[], %b::text[], %b::timestamptz[], %b::bool[], %b::bool[],
    %b::text[])
    as told (lead_id, {_NAMES}, plan, plan_id, event_id, traceparent, not_before, lapses_at,
    for_rep, anyone_from, promised, begins, open_hours)
where leads.lead_id = told.lead_id
"""  # noqa: S608 - our own words

PLACE = f"""
update prioritizer.leads set {_PLACE}
from unnest(%b::uuid[], {_PLACES}) as told (lead_id, {_NAMES})
where leads.lead_id = told.lead_id
"""  # noqa: S608 - our own words

# A first touch that was taken back within the batch in which it came.
OPEN = """
update prioritizer.leads set opened_at = told.opened_at
from unnest(%b::uuid[], %b::timestamptz[]) as told (lead_id, opened_at)
where leads.lead_id = told.lead_id and leads.opened_at is null
"""

_NOTHING = """plan = null, plan_id = null, plan_event_id = null, traceparent = null,
    not_before = null, lapses_at = null, tier = null, tier_order = null, order_key = null,
    for_rep = null, anyone_from = null, open_hours = null, promised = false, begins = false,
    since = null, terms = null, tier_until = 'infinity', later_tier = null, later_order = null,
    later_key = null, later_terms = null"""

CLEAR = f"""
update prioritizer.leads set {_NOTHING}, paused_since = null, paused_plan = null
where lead_id = any(%b::uuid[])
returning lead_id, team
"""  # noqa: S608 - our own words

# Told again, a pause goes on: it has the plan no more, and lasts since it began.
PAUSE = f"""
update prioritizer.leads set {_NOTHING},
    paused_since = coalesce(case when told.plan is null then paused_since end, told.at),
    paused_plan = coalesce(told.plan::jsonb, leads.plan, (
        select automated.plan from prioritizer.automated
        where automated.lead_id = leads.lead_id), paused_plan)
from unnest(%b::uuid[], %b::timestamptz[], %b::text[]) as told (lead_id, at, plan)
where leads.lead_id = told.lead_id
returning leads.lead_id, team
"""  # noqa: S608 - our own words

SETTLE = """
with over as (
    select lead_id from prioritizer.leads
    where later_order is not null and tier_until <= now()
    order by tier_until limit %s for update skip locked
)
update prioritizer.leads set
    tier = later_tier, tier_order = later_order, order_key = later_key, terms = later_terms,
    tier_until = 'infinity', later_tier = null, later_order = null, later_key = null,
    later_terms = null
from over where leads.lead_id = over.lead_id
"""
