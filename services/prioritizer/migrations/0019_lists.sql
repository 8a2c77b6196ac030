-- Leads that people stopped, and touches that tools make, are listed as well.
alter table prioritizer.leads
    add column paused_since timestamptz,    -- since when it waits until people resume it
    add column paused_plan jsonb;           -- the touch-planned that was in force then
with last as (
    select distinct on (lead_id) lead_id, type, recorded_at from prioritizer.history
    where stage = 1 and type in ('cadence-entered', 'touch-planned', 'touch-withdrawn',
        'cadence-paused', 'cadence-ended', 'lead-qualified')
    order by lead_id, recorded_at desc, id desc
)
update prioritizer.leads set paused_since = last.recorded_at, paused_plan = (
    select fact from prioritizer.history
    where history.lead_id = leads.lead_id and history.type = 'touch-planned'
    order by recorded_at desc, id desc limit 1)
from last
where leads.lead_id = last.lead_id and last.type = 'cadence-paused' and leads.plan is null;
create index leads_paused on prioritizer.leads (team, paused_since, lead_id)
    where paused_since is not null;

alter table prioritizer.automated add column team text;
update prioritizer.automated set team = leads.team
from prioritizer.leads where leads.lead_id = automated.lead_id;
alter table prioritizer.automated alter column team set not null;
create index automated_by_team on prioritizer.automated (team, not_before, lead_id);

-- A plan whose condition is not met lapses at the moment at which it would open, and does not return.
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
