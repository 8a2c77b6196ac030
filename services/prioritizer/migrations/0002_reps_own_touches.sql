-- A touch may be one rep's: any other rep of the team is given it from anyone_from on.
alter table prioritizer.leads
    add column for_rep text,
    add column anyone_from timestamptz;

update prioritizer.leads set
    for_rep = plan ->> 'for_rep',
    anyone_from = case when plan ->> 'for_rep' is null then not_before
        else (plan ->> 'due_at')::timestamptz + interval '1 hour' end
where plan is not null;

alter table prioritizer.leads
    add constraint plans_are_somebodys
    check (num_nulls(plan, anyone_from) in (0, 2) and (plan is not null or for_rep is null));

-- One index for the touches of anybody, one for a rep's own: neither question reads the other's.
drop index prioritizer.leads_in_order;
create index leads_in_order on prioritizer.leads
    (team, tier_order, order_key, not_before, lapses_at, lead_id, anyone_from)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null;
create index leads_of_a_rep_in_order on prioritizer.leads
    (for_rep, team, tier_order, order_key, not_before, lapses_at, lead_id, anyone_from)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and for_rep is not null;

-- The same view, with the new columns.
create or replace view prioritizer.queue as
    select leads.* from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and not_before <= now() and now() < lapses_at
      and exists (select from vault.keys where subject = lead_id);

-- What the rep promised the lead, so that the same disposition is known again.
alter table prioritizer.claims add column callback_at timestamptz;
