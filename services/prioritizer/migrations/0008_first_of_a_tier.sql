-- The leads of a tier that may be served now, without those that wait.
create index leads_by_tier on prioritizer.leads (team, tier_order, anyone_from, lead_id)
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null;
