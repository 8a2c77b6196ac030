-- What lists are filtered by: else a rare lead is on page two thousand. Of a paused lead, what was
-- planned for it.
alter table prioritizer.leads
    add column channel text generated always as (coalesce(plan, paused_plan) ->> 'channel') stored,
    add column step integer
        generated always as ((coalesce(plan, paused_plan) ->> 'step')::integer) stored,
    add column cadence text;
update prioritizer.leads set cadence = entered.cadence
from (
    select distinct on (lead_id) lead_id, fact ->> 'cadence' as cadence from prioritizer.history
    where type in ('cadence-entered', 'cadence-moved')
    order by lead_id, recorded_at desc, stage desc, id desc
) as entered
where leads.lead_id = entered.lead_id;
alter table prioritizer.automated
    add column channel text generated always as (plan ->> 'channel') stored,
    add column step integer generated always as ((plan ->> 'step')::integer) stored;

-- In the indexes that give the order, so that what is not asked for is passed over within them, and
-- no further index is to be written.
drop index prioritizer.leads_in_order;
create index leads_in_order on prioritizer.leads
    (team, tier_order, order_key, not_before, lapses_at, lead_id, anyone_from, tier_until, begins,
    channel, step, cadence)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null;
drop index prioritizer.leads_in_later_order;
create index leads_in_later_order on prioritizer.leads
    (team, later_order, later_key, not_before, lapses_at, lead_id, anyone_from, tier_until, begins,
    channel, step, cadence)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and later_order is not null;
drop index prioritizer.leads_by_opening;
create index leads_by_opening on prioritizer.leads
    (team, not_before, lead_id, tier_order, channel, step, cadence)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null;
drop index prioritizer.leads_paused;
create index leads_paused on prioritizer.leads
    (team, paused_since, lead_id, channel, step, cadence) where paused_since is not null;
drop index prioritizer.automated_by_team;
create index automated_by_team on prioritizer.automated
    (team, not_before, lead_id, channel, step);

create or replace view prioritizer.first_places as
    select lead_id, partition, team, enrolment_id, playbook_digest, features, sealed, plan, plan_id,
        plan_event_id, traceparent, not_before, lapses_at, for_rep, anyone_from, promised, begins,
        since, fence, tier, tier_order, order_key, terms, channel, step, cadence
    from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and not_before <= now() and now() < lapses_at and now() < tier_until
      and exists (select from vault.keys where subject = lead_id);
create or replace view prioritizer.later_places as
    select lead_id, partition, team, enrolment_id, playbook_digest, features, sealed, plan, plan_id,
        plan_event_id, traceparent, not_before, lapses_at, for_rep, anyone_from, promised, begins,
        since, fence, later_tier as tier, later_order as tier_order, later_key as order_key,
        later_terms as terms, channel, step, cadence
    from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and not_before <= now() and now() < lapses_at
      and later_order is not null and tier_until <= now()
      and exists (select from vault.keys where subject = lead_id);
drop view prioritizer.waiting;
create view prioritizer.waiting as
    select leads.*,
        case
            when lapses_at <= not_before then 'condition-not-met'
            when (plan ->> 'not_before')::timestamptz < not_before then 'window-not-open'
            when plan ->> 'moved_from' is not null then 'pause-or-cap'
            when promised then 'callback-not-due'
            when plan ->> 'again' is not null then 'wait-after-result'
            else 'window-not-open'
        end as rule,
        case when not_before < lapses_at then not_before end as returns_at
    from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and now() < not_before;
