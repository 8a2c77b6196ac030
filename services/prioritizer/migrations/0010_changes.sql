-- Whoever watches a team's queue is told that it changed, by the commit that changed it. What
-- changed is not told: equal notifications of one transaction are one.
create function prioritizer.tell_of_lead() returns trigger language plpgsql as $$
begin
    perform pg_notify('prioritizer_changes', json_build_object('team', new.team, 'kind',
        case when new.plan_id is null then 'lead-cleared' else 'lead-planned' end)::text);
    return null;
end $$;
create trigger tell_of_lead after update of plan on prioritizer.leads
    for each row when (old.plan_id is distinct from new.plan_id)
    execute function prioritizer.tell_of_lead();

create function prioritizer.tell_of_claim() returns trigger language plpgsql as $$
begin
    perform pg_notify('prioritizer_changes', json_build_object('team', team, 'kind',
        case when new.state = 'open' then 'lead-claimed' else 'claim-ended' end)::text)
    from prioritizer.leads where lead_id = new.lead_id;
    return null;
end $$;
create trigger tell_of_claim after insert on prioritizer.claims
    for each row execute function prioritizer.tell_of_claim();
create trigger tell_of_claims_end after update of state on prioritizer.claims
    for each row when (old.state is distinct from new.state)
    execute function prioritizer.tell_of_claim();
