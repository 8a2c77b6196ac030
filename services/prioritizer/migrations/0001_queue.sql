-- What the queue knows of each lead, one row a lead. The projection writes what the cadence
-- decided; claim_id, fence and answered_plan_id are the queue's own.
create table prioritizer.leads (
    lead_id uuid primary key,
    partition integer not null,
    team text not null,
    enrolment_id uuid not null,
    features jsonb not null,
    sealed text not null,
    plan jsonb,                         -- the touch-planned in force, as it came; none: nothing to do
    plan_id uuid,
    plan_event_id uuid,
    traceparent text,
    not_before timestamptz,
    lapses_at timestamptz,
    tier text,
    tier_order integer,
    order_key bigint,
    answered_plan_id uuid,              -- the last plan that a touch or a lapse answered
    claim_id uuid,                      -- the open claim; none: the lead is free
    fence bigint not null default 0,
    check (num_nulls(plan, plan_id, plan_event_id, not_before, lapses_at, tier, tier_order, order_key) in (0, 8))
) with (fillfactor = 80);

-- The times are in the index, so that leads whose time has not come are passed over within it.
create index leads_in_order on prioritizer.leads
    (team, tier_order, order_key, not_before, lapses_at, lead_id)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null;
create index leads_by_lapse on prioritizer.leads (lapses_at)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null;

-- Who may be served now, by the database's clock. A lead without a key was erased.
create view prioritizer.queue as
    select leads.* from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and not_before <= now() and now() < lapses_at
      and exists (select from vault.keys where subject = lead_id);

-- Every hold of a lead by a rep, for ever. It opens with a lease, and closes once.
create table prioritizer.claims (
    claim_id uuid primary key default gen_random_uuid(),
    lead_id uuid not null,
    rep_id text not null,
    fence bigint not null,
    plan_id uuid not null,
    plan jsonb not null,                -- what the rep was asked to do, whatever the cadence planned since
    plan_event_id uuid not null,
    traceparent text,
    why jsonb not null,                 -- what the choice was made from
    claimed_at timestamptz not null,
    leased_until timestamptz not null,
    state text not null default 'open' check (state in ('open', 'released', 'expired', 'disposed')),
    closed_at timestamptz,
    outcome text,                       -- the reason of a release, the result code of a disposition
    check ((state = 'open') = (closed_at is null)),
    unique (lead_id, fence)
);

create unique index claims_one_open_a_lead on prioritizer.claims (lead_id) where state = 'open';
create unique index claims_one_open_a_rep on prioritizer.claims (rep_id) where state = 'open';
create index claims_by_lease on prioritizer.claims (leased_until) where state = 'open';
create index claims_given_back on prioritizer.claims (plan_id, rep_id) where state = 'released';
