-- The order of the queue is the playbook's. A touch has a place, and may have a later one, with the
-- moment from which it counts: which of the two holds is asked of the clock, by every question.
alter table prioritizer.leads
    add column entered_at timestamptz,          -- when this enrolment began
    add column opened_at timestamptz,           -- when its first touch might be made
    add column promised boolean not null default false,     -- a call that the lead was promised
    add column begins boolean not null default false,       -- nobody has touched the lead yet
    add column since timestamptz,               -- from when the windows of its tier count
    add column terms jsonb,                     -- what moved it within its tier; none: nothing did
    add column tier_until timestamptz not null default 'infinity',
    add column later_tier text,
    add column later_order integer,
    add column later_key bigint,
    add column later_terms jsonb;

-- The orders that playbooks say; a playbook that is not here says none.
create table prioritizer.queues (
    playbook_digest text primary key,
    content text not null,                      -- as it came
    tiers jsonb not null                        -- what is told of each, in the order of service
);

-- What was planned before has its places by the order of those who say none.
with entries as (
    select lead_id, max(recorded_at) as at from prioritizer.history
    where type = 'cadence-entered' group by lead_id
), known as (
    select leads.lead_id, coalesce(entries.at, (plan ->> 'recorded_at')::timestamptz) as entered_at,
        coalesce((select (fact ->> 'not_before')::timestamptz from prioritizer.history
            where history.lead_id = leads.lead_id and type = 'touch-planned'
              and fact ->> 'enrolment_id' = leads.enrolment_id::text
              and fact ->> 'kind' is distinct from 'automated'
            order by recorded_at, stage, id limit 1), not_before) as opened_at
    from prioritizer.leads left join entries on entries.lead_id = leads.lead_id
)
update prioritizer.leads set entered_at = known.entered_at, opened_at = known.opened_at
from known where leads.lead_id = known.lead_id;

update prioritizer.leads set
    promised = tier = 'callback', begins = tier = 'new',
    since = case when tier = 'new' then opened_at else not_before end,
    tier_order = tier_order + case when tier in ('due', 'end-of-queue') then 1 else 0 end
where plan is not null;

update prioritizer.leads set
    order_key = -(extract(epoch from entered_at) * 1000000)::bigint,
    tier_until = opened_at + interval '1 hour', later_tier = 'never-touched', later_order = 3,
    later_key = (extract(epoch from entered_at) * 1000000)::bigint
where begins;

alter table prioritizer.leads
    add constraint places_are_whole check (
        num_nulls(plan, since) in (0, 2) and num_nulls(later_tier, later_order, later_key) in (0, 3)
        and (later_tier is null) = (tier_until = 'infinity'));

-- One index for each place, of anybody's touches and of a rep's own.
drop index prioritizer.leads_in_order;
drop index prioritizer.leads_of_a_rep_in_order;
drop index prioritizer.leads_by_tier;
create index leads_in_order on prioritizer.leads
    (team, tier_order, order_key, not_before, lapses_at, lead_id, anyone_from, tier_until, begins)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null;
create index leads_in_later_order on prioritizer.leads
    (team, later_order, later_key, not_before, lapses_at, lead_id, anyone_from, tier_until, begins)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and later_order is not null;
create index leads_of_a_rep_in_order on prioritizer.leads
    (for_rep, team, tier_order, order_key, not_before, lapses_at, lead_id, anyone_from, tier_until)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and for_rep is not null;
create index leads_of_a_rep_in_later_order on prioritizer.leads
    (for_rep, team, later_order, later_key, not_before, lapses_at, lead_id, anyone_from, tier_until)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and for_rep is not null and later_order is not null;
create index leads_by_tier on prioritizer.leads
    (team, tier_order, begins, anyone_from, lead_id, tier_until)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null;
create index leads_by_later_tier on prioritizer.leads
    (team, later_order, begins, anyone_from, lead_id, tier_until)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and later_order is not null;
create index leads_by_end_of_tier on prioritizer.leads (tier_until) where later_order is not null;

-- Who may be served now, by the database's clock, in the first place or in the later one. A lead
-- without a key was erased. Whoever reads in order reads each side by its own index, and merges.
drop view prioritizer.queue;
create view prioritizer.first_places as
    select lead_id, partition, team, enrolment_id, playbook_digest, features, sealed, plan, plan_id,
        plan_event_id, traceparent, not_before, lapses_at, for_rep, anyone_from, promised, begins,
        since, fence, tier, tier_order, order_key, terms
    from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and not_before <= now() and now() < lapses_at and now() < tier_until
      and exists (select from vault.keys where subject = lead_id);
create view prioritizer.later_places as
    select lead_id, partition, team, enrolment_id, playbook_digest, features, sealed, plan, plan_id,
        plan_event_id, traceparent, not_before, lapses_at, for_rep, anyone_from, promised, begins,
        since, fence, later_tier as tier, later_order as tier_order, later_key as order_key,
        later_terms as terms
    from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and not_before <= now() and now() < lapses_at
      and later_order is not null and tier_until <= now()
      and exists (select from vault.keys where subject = lead_id);
create view prioritizer.queue as
    select * from prioritizer.first_places union all select * from prioritizer.later_places;

drop view prioritizer.waiting;
create view prioritizer.waiting as
    select leads.*,
        case
            when (plan ->> 'not_before')::timestamptz < not_before then 'window-not-open'
            when plan ->> 'moved_from' is not null then 'pause-or-cap'
            when promised then 'callback-not-due'
            when plan ->> 'again' is not null then 'wait-after-result'
            else 'window-not-open'
        end as rule
    from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and now() < not_before;

drop view prioritizer.kept;
create view prioritizer.kept as
    select leads.* from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and for_rep is not null and now() < anyone_from;
