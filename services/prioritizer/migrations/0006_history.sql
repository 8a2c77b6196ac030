-- What happened to each lead, as the log told it, for people to read. No personal field in clear:
-- notes stay sealed.
create table prioritizer.history (
    lead_id uuid not null,
    recorded_at timestamptz not null,
    stage smallint not null,            -- at one moment: facts about the lead before decisions
    id bigint generated always as identity,
    partition integer not null,
    type text not null,
    fact jsonb not null,
    primary key (lead_id, recorded_at, stage, id)
);

-- What reps read of the playbooks: names of result codes, and whether leads may be picked.
create table prioritizer.playbooks (
    digest text primary key,
    content text not null
);

-- The same view, with the new column.
create or replace view prioritizer.queue as
    select leads.* from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and not_before <= now() and now() < lapses_at
      and exists (select from vault.keys where subject = lead_id);
