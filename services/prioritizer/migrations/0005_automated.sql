-- Automated touches: no rep is given them, so they are not in the queue. One row a lead, while its
-- plan is in force.
create table prioritizer.automated (
    lead_id uuid primary key references prioritizer.leads,
    plan jsonb not null,                -- the touch-planned in force, as it came
    plan_id uuid not null,
    plan_event_id uuid not null,
    traceparent text,
    not_before timestamptz not null,
    lapses_at timestamptz not null,
    requested_at timestamptz            -- when tools were asked; null: not yet
);
create index automated_by_opening on prioritizer.automated (not_before) where requested_at is null;
create index automated_by_lapse on prioritizer.automated (lapses_at);

-- Every plan that tools were asked for, for ever: none is asked for twice.
create table prioritizer.requests (
    plan_id uuid primary key,
    lead_id uuid not null,
    requested_at timestamptz not null
);

-- What the queue held of them goes over; a lead in a rep's hands is the rep's to finish.
with moved as (
    select lead_id from prioritizer.leads
    where plan ->> 'kind' = 'automated' and claim_id is null
      and answered_plan_id is distinct from plan_id
), kept as (
    insert into prioritizer.automated (lead_id, plan, plan_id, plan_event_id, traceparent,
        not_before, lapses_at)
    select lead_id, plan, plan_id, plan_event_id, traceparent, not_before, lapses_at
    from moved join prioritizer.leads using (lead_id)
)
update prioritizer.leads set
    plan = null, plan_id = null, plan_event_id = null, traceparent = null, not_before = null,
    lapses_at = null, tier = null, tier_order = null, order_key = null, for_rep = null,
    anyone_from = null
from moved where leads.lead_id = moved.lead_id;
