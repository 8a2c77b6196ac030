-- Which playbook planned the touch: a claim tells it. Unknown for leads that entered before this.
alter table prioritizer.leads add column playbook_digest text;

-- What comes next, so that leads whose time has not come are counted and listed without a scan.
create index leads_by_opening on prioritizer.leads (team, not_before, lead_id)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null;
create index leads_of_reps_by_grace on prioritizer.leads (team, anyone_from, lead_id)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and for_rep is not null;
create index claims_given_back_by_rep on prioritizer.claims (rep_id, closed_at)
    where state = 'released';

-- Leads that the queue keeps back now, by which rule, and until when; none: until the next plan.
-- Rules about the rep who asks are the question's own.
create view prioritizer.waiting as
    select leads.*,
        case
            when plan ->> 'moved_from' is not null then 'pause-or-cap'
            when plan ->> 'again' = 'callback' then 'callback-not-due'
            when plan ->> 'again' is not null then 'wait-after-result'
            else 'window-not-open'
        end as rule
    from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and now() < not_before;

-- Touches that are one rep's yet, by when they become anybody's.
create view prioritizer.kept as
    select leads.* from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and for_rep is not null and now() < anyone_from;
